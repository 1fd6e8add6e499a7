import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DraftSync, type DraftBody, type DraftState, type SaveOutcome } from '@/tickets/draft'

const TIMES = { pause: 500, maxWait: 2000, retry: 1000 }

class Server {
  stored: { body: DraftBody; version: number }[] = []
  states: DraftState[] = []
  replacedWith: DraftBody | null = null
  down = false
  version = 0
  release: (() => void) | null = null
  slow = false

  async save(body: DraftBody, version: number): Promise<SaveOutcome> {
    if (this.slow) await new Promise<void>((resolve) => (this.release = resolve))
    if (this.down) throw new Error('no answer')
    if (version !== this.version) return { kind: 'conflict', body: { text: 'theirs' }, version: this.version }
    this.version += 1
    this.stored.push({ body, version: this.version })
    return { kind: 'saved', version: this.version }
  }
  changed(state: DraftState): void {
    this.states.push(state)
  }
  replaced(body: DraftBody): void {
    this.replacedWith = body
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a draft', () => {
  it('is stored once after a pause, with the last text', async () => {
    const server = new Server()
    const draft = new DraftSync(server, 0, TIMES)
    for (const text of ['a', 'ab', 'abc']) draft.change({ text })
    await vi.advanceTimersByTimeAsync(500)
    expect(server.stored.map((row) => row.body.text)).toEqual(['abc'])
    expect(server.states.at(-1)).toBe('saved')
  })
  it('is stored at the latest after maxWait while typing goes on', async () => {
    const server = new Server()
    const draft = new DraftSync(server, 0, TIMES)
    for (let i = 0; i < 10; i++) {
      draft.change({ text: String(i) })
      await vi.advanceTimersByTimeAsync(300)
    }
    expect(server.stored.length).toBeGreaterThanOrEqual(1)
  })
  it('keeps trying while the server does not answer, and loses nothing', async () => {
    const server = new Server()
    server.down = true
    const draft = new DraftSync(server, 0, TIMES)
    draft.change({ text: 'kept' })
    await vi.advanceTimersByTimeAsync(3000)
    expect(server.states).toContain('offline')
    server.down = false
    await vi.advanceTimersByTimeAsync(1500)
    expect(server.stored.map((row) => row.body.text)).toEqual(['kept'])
  })
  it('never has two saves under way, and sends what was typed meanwhile after the first', async () => {
    const server = new Server()
    server.slow = true
    const draft = new DraftSync(server, 0, TIMES)
    draft.change({ text: 'first' })
    await vi.advanceTimersByTimeAsync(600)
    draft.change({ text: 'second' })
    await vi.advanceTimersByTimeAsync(3000)
    expect(server.stored).toEqual([])
    server.slow = false
    server.release!()
    await vi.advanceTimersByTimeAsync(600)
    expect(server.stored.map((row) => row.body.text)).toEqual(['first', 'second'])
  })
  it('shows a newer draft from another tab instead of overwriting it', async () => {
    const server = new Server()
    server.version = 5
    const draft = new DraftSync(server, 4, TIMES)
    draft.change({ text: 'mine' })
    await vi.advanceTimersByTimeAsync(600)
    expect(server.replacedWith).toEqual({ text: 'theirs' })
    expect(server.states.at(-1)).toBe('conflict')
    draft.change({ text: 'after' })
    await vi.advanceTimersByTimeAsync(600)
    expect(server.stored.at(-1)!.body.text).toBe('after')
  })
  it('flushes at once and sends nothing after it is closed', async () => {
    const server = new Server()
    const draft = new DraftSync(server, 0, TIMES)
    draft.change({ text: 'now' })
    await draft.flush()
    expect(server.stored).toHaveLength(1)
    draft.change({ text: 'later' })
    draft.close()
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.stored).toHaveLength(1)
  })
})
