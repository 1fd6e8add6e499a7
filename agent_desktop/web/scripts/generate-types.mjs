/** `npm run types`: asks the Python side what it says and takes, and writes src/generated/. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersToTypeScript, schemaToTypeScript } from './schema-to-ts.mjs'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const root = join(web, '..', '..')
const python = process.env.PYTHON ?? join(root, '.venv', 'bin', 'python')
const environment = { ...process.env, PYTHONPATH: root }
const program = join(web, 'scripts', 'schemas.py')
const said = execFileSync(python, [program], { cwd: root, env: environment, encoding: 'utf-8', maxBuffer: 64 << 20 })
const { live, http } = JSON.parse(said)

const write = (name, text) => writeFileSync(join(web, 'src', 'generated', name), text)
write('live-schema.json', `${JSON.stringify(live, null, 2)}\n`)
write('live.ts', schemaToTypeScript(live, 'agent_desktop/messages.py'))
write('http.ts', answersToTypeScript(http, 'agent_desktop/api/'))
