import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = `http://127.0.0.1:${process.env.JIELI_PORT ?? 8000}`

/** What stands in the frame, and the demo shop; the script tag itself is built by loader.config.ts. */
export default defineConfig({
  base: '/widget/',
  plugins: [vue()],
  build: {
    outDir: '../../dist/widget',
    emptyOutDir: true,
    target: ['es2020', 'safari14', 'chrome86'],
    rolldownOptions: { input: ['index.html', 'demo.html'] },
  },
  server: { proxy: { '/api': { target: server }, '/widget.js': { target: server }, '/ws': { target: server, ws: true } } },
})
