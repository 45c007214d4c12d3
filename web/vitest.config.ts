import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    environment: 'happy-dom',
    include: ['{apps,packages}/*/src/**/*.test.ts'],
    sequence: { shuffle: true },
    restoreMocks: true,
    css: true, // the contrast test reads the tokens themselves
    env: { TZ: 'Asia/Shanghai' },
  },
})
