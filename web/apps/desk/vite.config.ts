import vue from '@vitejs/plugin-vue'
import elementPlus from 'unplugin-element-plus/vite'
import { defineConfig } from 'vite'

const server = `http://127.0.0.1:${process.env.JIELI_PORT ?? 8000}`

export default defineConfig({
  base: '/desk/',
  plugins: [vue(), elementPlus({})],
  build: {
    outDir: '../../dist/desk',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      output: {
        advancedChunks: {
          groups: [
            { name: 'vue', test: /node_modules\/(@?vue|pinia|@tanstack|@intlify)/ },
            { name: 'element', test: /node_modules\/(element-plus|@element-plus|@popperjs|@floating-ui|async-validator|dayjs|lodash)/ },
          ],
        },
      },
    },
  },
  // The host stays as the browser sent it: the server compares it with the origin of a write.
  server: {
    proxy: {
      '/api': { target: server },
      '/_allauth': { target: server },
      '/ws': { target: server, ws: true },
    },
  },
})
