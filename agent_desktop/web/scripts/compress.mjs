/** Packs every text file of the built app once, so that the server never has to: `name.js.br` and `name.js.gz`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const PACKED = /\.(?:js|css|svg|json)$/
/** Below this an answer's head is larger than what is saved. */
const SMALLEST = 1024
/** The best of brotli is three times as slow for two percent; the build is waited for. */
const QUALITY = 9

const assets = join(dirname(fileURLToPath(import.meta.url)), '../../static/assets')
for (const name of readdirSync(assets).filter((one) => PACKED.test(one))) {
  const file = join(assets, name)
  const plain = readFileSync(file)
  if (plain.length < SMALLEST) continue
  writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }))
}
