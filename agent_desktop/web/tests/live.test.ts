import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import schema from '@/generated/live-schema.json'
import { mismatch, type Schema } from '@/live/check'
import { parseServerMessage } from '@/live/socket'
// @ts-expect-error the generator is plain JavaScript
import { schemaToTypeScript } from '../scripts/schema-to-ts.mjs'

const DEFINITIONS = schema.$defs as unknown as Record<string, Schema>
const AGENT = { agent_id: 'a1', state: 'ready', reason: null, since: '2026-03-02T04:00:00Z', until: null }

describe('the generated types', () => {
  it('are what the schema says', () => {
    const written = readFileSync(join(__dirname, '../src/generated/live.ts'), 'utf-8')
    expect(schemaToTypeScript(schema, 'agent_desktop/messages.py')).toBe(written)
  })
  it('refuse a schema that they cannot say', () => {
    const unknown = { $defs: { X: { type: 'object', properties: { y: { not: {} } } } } }
    expect(() => schemaToTypeScript(unknown, '')).toThrow()
  })
})

describe('a live message', () => {
  it('passes when it fits', () => {
    expect(parseServerMessage(JSON.stringify({ v: 1, type: 'agent', agent: AGENT }))).toMatchObject({ type: 'agent' })
    expect(parseServerMessage(JSON.stringify({ v: 1, type: 'call', call: null }))).toMatchObject({ call: null })
  })
  it('may carry fields that an older page does not know', () => {
    expect(parseServerMessage(JSON.stringify({ v: 1, type: 'link', ami: true, later: 1 }))).not.toBeNull()
  })
  it('is dropped when it does not fit', () => {
    const quiet = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const bad = [
      'not json',
      '[]',
      JSON.stringify({ v: 2, type: 'link', ami: true }),
      JSON.stringify({ v: 1, type: 'link' }),
      JSON.stringify({ v: 1, type: 'unheard_of' }),
      JSON.stringify({ v: 1, type: 'agent', agent: { ...AGENT, state: 'dancing' } }),
      JSON.stringify({ v: 1, type: 'agent', agent: { ...AGENT, since: 5 } }),
    ]
    for (const text of bad) expect(parseServerMessage(text), text).toBeNull()
    quiet.mockRestore()
  })
  it('names where it does not fit', () => {
    expect(mismatch(DEFINITIONS.AgentState!, { ...AGENT, since: 5 }, DEFINITIONS)).toBe('.since')
    expect(mismatch(DEFINITIONS.AgentState!, { ...AGENT, state: 'x' }, DEFINITIONS)).toBe('.state')
    expect(mismatch({ not: {} } as Schema, 1, {})).not.toBeNull()
  })
})
