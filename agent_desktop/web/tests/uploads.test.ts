/** Files on their way to a ticket: each once, one after the other, and what failed is kept and can be tried again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sizeText, Uploads } from '../src/attachments/uploads'

/** What the server answers next; `null`: the line breaks. */
let answers: ({ status: number; body: unknown } | null)[] = []
let sent: { url: string; key: string; body: unknown }[] = []

class FakeRequest {
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
  onload = (): void => undefined
  onerror = (): void => undefined
  status = 0
  response: unknown = null
  private url = ''
  private headers: Record<string, string> = {}

  open(_method: string, url: string): void {
    this.url = url
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value
  }
  send(body: unknown): void {
    sent.push({ url: this.url, key: this.headers['Idempotency-Key'] ?? '', body })
    this.upload.onprogress?.({ loaded: 1, total: 2 })
    const answer = answers.shift() ?? null
    if (!answer) return this.onerror()
    Object.assign(this, { status: answer.status, response: answer.body })
    this.onload()
  }
}

const kept = (name: string): { status: number; body: unknown } => ({ status: 201, body: { attachment: { name } } })
const refusal = (id: string): { status: number; body: unknown } => ({
  status: 415,
  body: { error: { error_id: id, message: '', detail: {} } },
})
const file = (name: string, size = 3): File => new File([new Uint8Array(size)], name)

describe('files on their way to a ticket', () => {
  beforeEach(() => {
    answers = []
    sent = []
    vi.stubGlobal('XMLHttpRequest', FakeRequest)
  })
  afterEach(() => vi.unstubAllGlobals())

  it('wait until there is a ticket, and go there one after the other', async () => {
    const uploads = new Uploads()
    uploads.add([file('照片 1.png'), file('b.pdf')])
    expect(uploads.list.map((one) => one.state)).toEqual(['waiting', 'waiting'])
    answers = [kept('照片 1.png'), kept('b.pdf')]
    expect(await uploads.send('t-1')).toBe(true)
    expect(sent.map((one) => one.url)).toEqual([
      `/api/v1/tickets/t-1/attachments?name=${encodeURIComponent('照片 1.png')}`,
      '/api/v1/tickets/t-1/attachments?name=b.pdf',
    ])
    expect(uploads.done.map((one) => one.name)).toEqual(['照片 1.png', 'b.pdf'])
    expect(uploads.list).toEqual([])
  })

  it('are sent again under the same key when the line broke', async () => {
    const uploads = new Uploads()
    uploads.add([file('a.png')])
    answers = [null, kept('a.png')]
    expect(await uploads.send('t-1')).toBe(false)
    expect(uploads.list[0]).toMatchObject({ state: 'failed', error: 'no_answer', progress: 50 })
    expect(await uploads.send('t-1')).toBe(true)
    expect(new Set(sent.map((one) => one.key)).size).toBe(1)
  })

  it('of a type that is not taken stay on the list until they are removed, and hold up no other', async () => {
    const uploads = new Uploads()
    uploads.add([file('a.exe'), file('b.png')])
    answers = [refusal('type_refused'), kept('b.png')]
    expect(await uploads.send('t-1')).toBe(false)
    expect(uploads.done.map((one) => one.name)).toEqual(['b.png'])
    expect(await uploads.send('t-1')).toBe(false)
    expect(sent.length).toBe(2)
    uploads.remove(uploads.list[0]!)
    expect(await uploads.send('t-1')).toBe(true)
  })

  it('that are too large are never sent', async () => {
    const uploads = new Uploads()
    uploads.add([file('film.mp4', 20 * 1024 * 1024 + 1)])
    expect(uploads.list[0]).toMatchObject({ state: 'failed', error: 'too_large' })
    expect(await uploads.send('t-1')).toBe(false)
    expect(sent).toEqual([])
  })

  it('have a size that people read', () => {
    expect([12, 2048, 20 * 1024 * 1024, 1_600_000].map(sizeText)).toEqual(['12 B', '2 KB', '20 MB', '1.5 MB'])
  })
})
