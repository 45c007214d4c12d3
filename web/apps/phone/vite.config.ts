import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = `http://127.0.0.1:${process.env.JIELI_PORT ?? 8000}`

export default defineConfig({
  base: '/c/',
  plugins: [vue()],
  build: {
    outDir: '../../dist/c',
    emptyOutDir: true,
    // What web views on phones still are: iOS 14, and the kernel of WeChat on Android
    target: ['es2020', 'safari14', 'chrome86'],
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'vue', test: /node_modules\/(@?vue|@tanstack|@intlify)/ }] } },
    },
  },
  server: { proxy: { '/api': { target: server }, '/ws': { target: server, ws: true } } },
})
