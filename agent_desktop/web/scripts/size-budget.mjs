/** Fails the build when the first load of the desk grows beyond its budget (gzipped bytes). */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const BUDGET = 500 * 1024
/** Names of the files that `first-load.ts` makes for the desk; each brings what it imports. */
const FIRST_LOAD = ['desk']

const out = join(dirname(fileURLToPath(import.meta.url)), '../../static')
const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf-8'))

/** Files a chunk needs before it runs: itself, its styles and its static imports. */
function collect(key, files) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in the manifest`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const inner of chunk.imports ?? []) collect(inner, files)
}

const files = new Set()
collect('index.html', files)
for (const name of FIRST_LOAD) {
  const key = Object.keys(manifest).find((one) => manifest[one].name === name)
  collect(key, files)
}
const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(out, file))).length, 0)
console.log(`first load: ${(bytes / 1024).toFixed(0)} KB gzipped in ${files.size} files (budget ${BUDGET / 1024} KB)`)
if (bytes > BUDGET) process.exit(1)
