import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'
import { eachFromItsFile, firstLoad } from './scripts/first-load'

/** Where a running desk listens; only the development server needs it. */
const desk = process.env.HOTLINE_DESK_URL ?? 'http://127.0.0.1:12345'

const here = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '')

export default defineConfig({
  plugins: [
    vue(),
    firstLoad(here),
    Components({
      dirs: [],
      dts: false,
      resolvers: eachFromItsFile(here),
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2022',
    manifest: 'manifest.json',
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
