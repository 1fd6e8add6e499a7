import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

/** Where a running desk listens; only the development server needs it. */
const desk = process.env.HOTLINE_DESK_URL ?? 'http://127.0.0.1:12345'

export default defineConfig({
  plugins: [
    vue(),
    Components({
      dirs: [],
      dts: false,
      resolvers: [ElementPlusResolver({ importStyle: 'css' })],
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 2048,
  },
  server: {
    proxy: {
      '/api': { target: desk, ws: true },
      '/sip': { target: desk, ws: true },
      '/healthz': desk,
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
