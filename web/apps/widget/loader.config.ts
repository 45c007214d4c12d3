import { defineConfig } from 'vite'

/** `/widget.js`: one classic script, small, with everything in it. */
export default defineConfig({
  build: {
    outDir: '../../dist',
    emptyOutDir: false,
    target: ['es2020', 'safari14', 'chrome86'],
    lib: { entry: 'src/loader/main.ts', formats: ['iife'], name: 'JieliLoader', fileName: () => 'widget.js' },
  },
})
