/**
 * The live WebSocket: reconnects by itself, notices silence, checks every message against the schema.
 *
 * The server's first message (`hello`) is the whole picture, so after a reconnect nothing needs to be replayed.
 */
import schema from '@/generated/live-schema.json'
import type { ClientMessage, ServerMessage } from '@/generated/live'
import { mismatch, type Schema } from './check'

const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, Schema>>
const VERSION = 1

/**
 * The server asks for a pong every 10 s, in a call every second; several missed ones mean that the link is dead though
 * it looks open.  A connection that is not open by then is tried anew: its packets went into a network that was gone.
 */
const SILENCE_LIMIT_MS = 30_000
const SILENCE_LIMIT_IN_CALL_MS = 5_000
const LONGEST_RETRY_IN_CALL_MS = 1_000
const RETRY_MS: readonly number[] = [300, 600, 1200, 2500, 5000]

/** Close codes after which the page does not come back by itself; see `agent_desktop/hub.py`. */
const CLOSED_TAKEN_OVER = 4001
const CLOSED_NOT_LOGGED_IN = 4003
const CLOSED_VERSION = 4006

export interface LiveHooks {
  readonly message: (message: ServerMessage) => void
  readonly linked: (up: boolean) => void
  /** Whether somebody may be waiting at the other end of the line: silence is then noticed sooner. */
  readonly inCall?: () => boolean
  /** Linked again after the network had gone silently, nothing having come since `since` (ms since 1970). */
  readonly cameBack?: (since: number) => void
  /** The server has sent something: a clock that ticks every ten seconds in hidden tabs, too. */
  readonly alive?: () => void
  /** The session is over: nothing to reconnect to. */
  readonly loggedOut: () => void
  /** This page is older than the server: only a reload helps. */
  readonly outdated: () => void
}

/** A message of the server, or null when it is not one (or belongs to another version). */
export function parseServerMessage(text: string): ServerMessage | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const problem = mismatch(DEFINITIONS.ServerMessage!, value, DEFINITIONS)
  if (problem === null) return value as ServerMessage
  console.warn('live message does not fit the schema at', problem)
  return null
}

export class LiveSocket {
  private socket: WebSocket | null = null
  private attempts = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private silence: ReturnType<typeof setTimeout> | undefined
  private wanted = false
  private heardAt = 0
  /** Since when nothing had come from a link that looked open; null unless it was given up for that. */
  private silentSince: number | null = null

  constructor(
    private readonly path: string,
    private readonly hooks: LiveHooks,
    private readonly hello: () => ClientMessage,
  ) {}

  open(): void {
    this.wanted = true
    if (this.socket === null) this.connect()
  }

  close(): void {
    this.wanted = false
    clearTimeout(this.retry)
    clearTimeout(this.silence)
    const socket = this.socket
    this.socket = null
    socket?.close(1000)
  }

  /** Sends, or drops the message when the link is down: the next `hello` carries the truth anyway. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(JSON.stringify(message))
    return true
  }

  /** Whether the server can be reached, as far as one can know: it has said something in the last `ms`. */
  heardWithin(ms: number): boolean {
    return this.socket !== null && Date.now() - this.heardAt < ms
  }

  private connect(): void {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = new WebSocket(`${scheme}://${window.location.host}${this.path}`)
    this.socket = socket
    this.listenForSilence()
    socket.onopen = () => {
      this.attempts = 0
      this.listenForSilence()
      this.send(this.hello())
    }
    socket.onmessage = (event) => this.onMessage(socket, String(event.data))
    socket.onclose = (event) => this.onClose(socket, event.code)
  }

  private onMessage(socket: WebSocket, text: string): void {
    if (socket !== this.socket) return
    this.heardAt = Date.now()
    this.hooks.alive?.()
    const message = parseServerMessage(text)
    if (message?.type === 'ping') this.send({ v: VERSION, type: 'pong' })
    else if (message) this.pass(message)
    if (socket === this.socket) this.listenForSilence() // what came may have begun or ended a call
  }

  private pass(message: ServerMessage): void {
    if (message.type === 'hello') this.hooks.linked(true)
    this.hooks.message(message)
    if (message.type !== 'hello' || this.silentSince === null) return
    this.hooks.cameBack?.(this.silentSince)
    this.silentSince = null
  }

  private onClose(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return
    this.socket = null
    clearTimeout(this.silence)
    this.hooks.linked(false)
    if (code === CLOSED_TAKEN_OVER || code === CLOSED_NOT_LOGGED_IN || code === CLOSED_VERSION) this.wanted = false
    if (code === CLOSED_NOT_LOGGED_IN) this.hooks.loggedOut()
    if (code === CLOSED_VERSION) this.hooks.outdated()
    if (!this.wanted) return
    const pause = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)]!
    const wait = this.hooks.inCall?.() ? Math.min(pause, LONGEST_RETRY_IN_CALL_MS) : pause
    this.attempts += 1
    this.retry = setTimeout(() => this.wanted && this.socket === null && this.connect(), wait)
  }

  private listenForSilence(): void {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => {
      const socket = this.socket
      if (!socket) return
      this.silentSince ??= this.heardAt
      socket.close(4000)
      this.onClose(socket, 4000)
    }, this.hooks.inCall?.() ? SILENCE_LIMIT_IN_CALL_MS : SILENCE_LIMIT_MS)
  }
}
