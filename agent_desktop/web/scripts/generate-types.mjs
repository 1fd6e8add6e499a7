/** `npm run types`: asks the Python side for its message schema and writes src/generated/. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { schemaToTypeScript } from './schema-to-ts.mjs'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const root = join(web, '..', '..')
const python = process.env.PYTHON ?? join(root, '.venv', 'bin', 'python')
const program = 'import json; from agent_desktop.messages import json_schema; print(json.dumps(json_schema(), ensure_ascii=False))'
const schema = JSON.parse(execFileSync(python, ['-c', program], { cwd: root, encoding: 'utf-8' }))

writeFileSync(join(web, 'src/generated/live-schema.json'), `${JSON.stringify(schema, null, 2)}\n`)
writeFileSync(join(web, 'src/generated/live.ts'), schemaToTypeScript(schema))
