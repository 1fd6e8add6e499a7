/**
 * The browser's telephone: the only module that knows JsSIP.
 *
 * It turns JsSIP's events into events of the two tables in `machine.ts` and publishes a snapshot after every
 * change.  A page that reloads or closes must NOT hang up: `leave()` drops the WebSocket without a BYE, and the
 * switch keeps the citizen until this phone (or the next agent) is back.
 */
import { UA, WebSocketInterface } from 'jssip'
import type { DTMF_TRANSPORT } from 'jssip/lib/Constants'
import type { EndEvent, RTCSession } from 'jssip/lib/RTCSession'
import type { RTCSessionEvent } from 'jssip/lib/UA'
import type { SipAccount } from '@/api/types'
import { contactUri, sipSocketUrl } from './addresses'
import { capGathering } from './ice'
import {
  allows,
  CALL,
  inCall,
  LINE,
  step,
  type CallEvent,
  type CallState,
  type LineEvent,
  type LineState,
} from './machine'
import { grantsRegistration, remedyFor } from './recovery'

/** Seconds between registrations; short, so that a switch that lost its contacts gets them back soon. */
const REGISTER_SECONDS = 60
const RECOVERY_SECONDS = { min: 1, max: 3 }
/** A path that is gone for this long will not come back by itself: the call looks for another one. */
const PATH_LOST_MS = 2000
const SECOND_RESTART_MS = 6000
const CONNECTED: readonly RTCIceConnectionState[] = ['connected', 'completed']

/** Header the switch adds when it calls back a phone whose page was reloaded in the middle of a call. */
export const REJOIN_HEADER = 'X-Hotline-Rejoin'

export interface PhoneSnapshot {
  readonly line: LineState
  readonly call: CallState
  readonly muted: boolean
  /** Who the current or last SIP call is with, as the switch sent it. */
  readonly peer: string
  /** Why the last call or registration ended, in JsSIP's words; '' when nothing went wrong. */
  readonly cause: string
}

export interface PhoneHooks {
  readonly changed: (snapshot: PhoneSnapshot) => void
  /** The stream to speak into; rejects when there is no microphone. */
  readonly microphone: () => Promise<MediaStream>
  /** What the other side says; null when the call is over. */
  readonly remoteAudio: (stream: MediaStream | null) => void
  /** The peer connection of a new call, for quality figures. */
  readonly connection?: (connection: RTCPeerConnection | null) => void
  /** Whether the server can be reached; what is sent meanwhile may be lost without a word. */
  readonly reachable?: () => boolean
}

const IDLE: PhoneSnapshot = { line: 'off', call: 'idle', muted: false, peer: '', cause: '' }

/** A SIP socket that lets somebody see what comes in, before or after whatever the user agent does with it. */
class HeardSocket extends WebSocketInterface {
  constructor(url: string, heard: (data: unknown) => void) {
    super(url)
    let take: (data: unknown) => void = () => {}
    Object.defineProperty(this, 'ondata', {
      get: () => (data: unknown) => {
        heard(data)
        take(data)
      },
      set: (next: typeof take) => (take = next),
    })
  }
}

export class Softphone {
  private ua: UA | null = null
  private socket: WebSocketInterface | null = null
  private session: RTCSession | null = null
  private state: PhoneSnapshot = IDLE
  private registeredAt = 0
  private askingSince: number | null = null
  private lookedAt = 0
  private restartedAt = 0
  /** The computer has changed its network since the line was last registered. */
  private moved = false

  constructor(private readonly hooks: PhoneHooks) {}

  get snapshot(): PhoneSnapshot {
    return this.state
  }

  /** Connects and registers; reconnects by itself until `stop`, `leave` or `yieldToOtherTab`. */
  start(account: SipAccount): void {
    if (!allows(LINE, this.state.line, 'start')) return
    this.disposeAgent()
    const socket = new HeardSocket(sipSocketUrl(account.ws_path, window.location), (data) => {
      if (grantsRegistration(data)) this.onYes()
    })
    const ua = new UA({
      sockets: [socket],
      uri: account.uri,
      password: account.password,
      display_name: account.display_name,
      contact_uri: contactUri(account.uri),
      register: true,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      no_answer_timeout: 120,
      connection_recovery_min_interval: RECOVERY_SECONDS.min,
      connection_recovery_max_interval: RECOVERY_SECONDS.max,
    })
    ua.on('connected', () => (this.askingSince = Date.now()))
    ua.on('registered', () => this.onRegistered())
    ua.on('disconnected', () => this.onDisconnected())
    ua.on('registrationFailed', (event) => this.onRegistrationFailed(event.response?.status_code, event.cause))
    ua.on('newRTCSession', (event: RTCSessionEvent) => this.onSession(event))
    this.ua = ua
    this.socket = socket
    this.moveLine('start', { cause: '' })
    ua.start()
  }

  /**
   * Looks whether the line is what it seems; call it whenever the server has sent something, when the page becomes
   * visible, and when the network has changed.
   */
  look(): void {
    const now = Date.now()
    const connected = this.ua?.isConnected() ?? false
    const { lookedAt, registeredAt, askingSince } = this
    this.lookedAt = now
    const remedy = remedyFor({ now, lookedAt, registeredAt, askingSince, connected })
    if (remedy === 'register') this.register()
    else if (remedy === 'reconnect') this.reconnect()
  }

  /** The computer is on another network: the socket and the audio both have to find their way anew. */
  networkChanged(): void {
    this.moved = true
    if (this.ua?.isConnected()) this.reconnect()
    else this.restartPath()
  }

  /** The network was gone silently from `since` on: a socket on which the switch has said nothing later is dead. */
  cutOff(since: number): void {
    if (this.registeredAt < since && this.ua?.isConnected()) this.networkChanged()
  }

  /** A call in progress goes on with another microphone. */
  replaceMicrophone(stream: MediaStream): void {
    const track = stream.getAudioTracks()[0]
    const sender = this.session?.connection?.getSenders().find((one) => one.track?.kind === 'audio')
    if (!track || !sender) return
    track.enabled = !this.state.muted
    void sender.replaceTrack(track).catch(() => this.publish({ cause: 'microphone' }))
  }

  /** Ends the call, unregisters and closes: for logging out. */
  stop(): void {
    this.ua?.stop()
    this.ua = null
    this.dropSession()
    this.moveLine('stop')
  }

  /** Another tab is the phone now: give it up without ending the call, which the switch hands over. */
  yieldToOtherTab(): void {
    this.disposeAgent()
    this.dropSession()
    this.moveLine('taken_over')
  }

  async answer(): Promise<void> {
    const session = this.session
    if (!session || !this.moveCall('answer')) return
    try {
      session.answer({ mediaStream: await this.hooks.microphone(), pcConfig: { iceServers: [] } })
    } catch (error) {
      this.publish({ cause: error instanceof Error ? error.name : 'answer' })
      if (this.session === session) this.hangUp()
    }
  }

  async dial(number: string): Promise<void> {
    if (!this.ua || this.state.line !== 'registered' || !this.moveCall('dial', { cause: '', peer: number })) return
    try {
      const mediaStream = await this.hooks.microphone()
      this.ua.call(number, { mediaStream, pcConfig: { iceServers: [] } })
    } catch (error) {
      this.publish({ cause: error instanceof Error ? error.name : 'dial' })
      this.moveCall('gone')
    }
  }

  hangUp(): void {
    const session = this.session
    if (!this.moveCall('hang_up')) return
    if (!session || session.isEnded()) {
      this.dropSession()
      return
    }
    session.terminate(session.direction === 'incoming' && !session.isEstablished() ? { status_code: 486 } : {})
  }

  hold(): void {
    if (!this.session || !this.moveCall('hold')) return
    const accepted = this.session.hold({}, () => this.moveCall('held'))
    if (!accepted) this.moveCall('hold_failed')
  }

  resume(): void {
    if (!this.session || !this.moveCall('resume')) return
    const accepted = this.session.unhold({}, () => this.moveCall('resumed'))
    if (!accepted) this.moveCall('resume_failed')
  }

  mute(on: boolean): void {
    if (!this.session || !inCall(this.state.call)) return
    if (on) this.session.mute({ audio: true })
    else this.session.unmute({ audio: true })
    this.publish({ muted: on })
  }

  /** Sends keys as RFC 4733 events inside the audio stream. */
  sendDigits(digits: string): void {
    if (!this.session?.isEstablished() || !/^[0-9A-D#*]+$/i.test(digits)) return
    this.session.sendDTMF(digits, { transportType: 'RFC2833' as DTMF_TRANSPORT, duration: 160, interToneGap: 90 })
  }

  private register(): void {
    this.askingSince = Date.now()
    this.ua?.register()
  }

  /** Drops a socket that may be dead and lets the user agent open another; a call goes on meanwhile. */
  private reconnect(): void {
    this.askingSince = null
    const socket = this.socket as (WebSocketInterface & { ondisconnect?: (error: boolean, code: number) => void }) | null
    if (!socket) return
    socket.disconnect()
    // An interface that is closed from our side tells nobody; the user agent has to hear of it to connect again.
    socket.ondisconnect?.(true, 4000)
  }

  /** Offers the call's audio a new path (ICE restart, RFC 8839 section 4.4.1.1.1). */
  private restartPath(): void {
    const now = Date.now()
    if (this.state.line !== 'registered' || !this.session?.isEstablished()) return
    // An offer that is lost with its socket would cost the call (JsSIP ends it); the line's return restarts as well.
    if (this.hooks.reachable?.() === false) return
    if (now - this.restartedAt < SECOND_RESTART_MS || !this.session.isReadyToReOffer()) return
    this.restartedAt = now
    this.session.renegotiate({ rtcOfferConstraints: { iceRestart: true } })
  }

  private onYes(): void {
    this.registeredAt = Date.now()
    this.askingSince = null
  }

  private onRegistered(): void {
    this.onYes()
    const wasLost = this.state.line === 'lost'
    // The switch ended what it was still offering over the socket that is gone: its CANCEL cannot reach us any more.
    if (wasLost && this.session && this.state.call === 'ringing') this.dropSession()
    this.moveLine('registered', { cause: '' })
    if (wasLost && this.session?.isEstablished()) {
      this.moveCall('linked')
      // Tells the switch where this call's signalling lives now; without it its BYE would go to a dead socket.
      // On another network, or without a path, the audio looks for its way in the same breath.
      const pathless = this.moved || !CONNECTED.includes(this.session.connection?.iceConnectionState ?? 'new')
      this.moved = false
      if (pathless) this.restartedAt = Date.now()
      this.session.renegotiate(pathless ? { rtcOfferConstraints: { iceRestart: true } } : {})
    }
  }

  private onDisconnected(): void {
    this.moveLine('disconnected')
    this.moveCall('unlinked')
  }

  private onRegistrationFailed(status: number | undefined, cause: string | undefined): void {
    this.askingSince = null
    // Only a real "no" from the switch is final; everything else is a link that will come back.
    if (status === 403 || status === 404) this.moveLine('refused', { cause: cause ?? '' })
    else if (this.state.line !== 'lost') {
      this.moveLine('disconnected', { cause: cause ?? '' })
      this.moveCall('unlinked')
      setTimeout(() => this.ua?.isConnected() && this.register(), RECOVERY_SECONDS.max * 1000)
    } else setTimeout(() => this.ua?.isConnected() && this.register(), RECOVERY_SECONDS.max * 1000)
  }

  private onSession(event: RTCSessionEvent): void {
    const incoming = event.originator === ('remote' as typeof event.originator)
    if (incoming && event.request.getHeader(REJOIN_HEADER) && this.session) this.giveUp(this.session)
    if (incoming && !this.moveCall('invited', { cause: '', muted: false, peer: event.request.from.uri.user ?? '' })) {
      event.session.terminate({ status_code: 486 })
      return
    }
    this.follow(event.session)
    if (incoming && event.request.getHeader(REJOIN_HEADER)) void this.answer()
  }

  private follow(session: RTCSession): void {
    this.session = session
    const mine = (act: () => void) => () => {
      if (this.session === session) act()
    }
    const watch = (connection: RTCPeerConnection): void => {
      capGathering(connection)
      this.hooks.connection?.(connection)
      this.watchPath(connection)
      connection.addEventListener('track', (event) => {
        this.hooks.remoteAudio(event.streams[0] ?? new MediaStream([event.track]))
      })
    }
    if (session.connection) watch(session.connection)
    else session.on('peerconnection', (event) => watch(event.peerconnection))
    session.on('confirmed', mine(() => this.moveCall('connected')))
    session.on('ended', (event) => this.onGone(session, event))
    session.on('failed', (event) => this.onGone(session, event))
  }

  private watchPath(connection: RTCPeerConnection): void {
    let lost: ReturnType<typeof setTimeout> | undefined
    connection.addEventListener('iceconnectionstatechange', () => {
      clearTimeout(lost)
      const state = connection.iceConnectionState
      if (state !== 'disconnected' && state !== 'failed') return
      const here = (): boolean => this.session?.connection === connection
      lost = setTimeout(() => here() && this.restartPath(), state === 'failed' ? 0 : PATH_LOST_MS)
    })
  }

  private onGone(session: RTCSession, event: EndEvent): void {
    if (this.session !== session) return
    const ordinary = event.cause === 'Terminated' || event.cause === 'Canceled'
    this.publish({ cause: ordinary ? '' : event.cause })
    this.dropSession()
  }

  /** The switch calls back because it took this page for gone: it no longer listens to the call we still have. */
  private giveUp(session: RTCSession): void {
    this.dropSession()
    session.connection?.close() // the switch ends its leg when we are back on the other
  }

  private dropSession(): void {
    this.session = null
    this.hooks.remoteAudio(null)
    this.hooks.connection?.(null)
    this.moveCall('gone', { muted: false })
  }

  /** Closes the socket without BYE and without un-registering. */
  private disposeAgent(): void {
    const ua = this.ua
    this.ua = null
    if (!ua) return
    ua.removeAllListeners()
    this.session?.removeAllListeners()
    // With the socket gone first, stopping the user agent cannot send its BYE.
    this.socket?.disconnect()
    ua.stop()
  }

  private moveLine(event: LineEvent, also: Partial<PhoneSnapshot> = {}): boolean {
    const line = step(LINE, this.state.line, event)
    if (line === null) return false
    this.publish({ ...also, line })
    return true
  }

  private moveCall(event: CallEvent, also: Partial<PhoneSnapshot> = {}): boolean {
    const call = step(CALL, this.state.call, event)
    if (call === null) return false
    this.publish({ ...also, call })
    return true
  }

  private publish(change: Partial<PhoneSnapshot>): void {
    this.state = { ...this.state, ...change }
    this.hooks.changed(this.state)
  }
}
