/**
 * One microphone stream, opened once and kept while the agent is on duty.
 *
 * Opening it at the first answer would cost half a second of the citizen's patience and a permission question
 * in the middle of a ring; a page that is capturing may also play sound without a click.
 *
 * A microphone that goes (pulled out, taken by another program, switched off by the system) is noticed at once, and
 * replaced by whatever else is there; a call in progress goes on with the new one.
 */
import { readDevices, usable } from './devices'

export type MicrophoneState = 'closed' | 'opening' | 'open' | 'blocked' | 'missing' | 'lost' | 'silenced'

const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
}

/** States in which the other side would hear nothing. */
export const DEAF: readonly MicrophoneState[] = ['blocked', 'missing', 'lost', 'silenced']

export class Microphone {
  state: MicrophoneState = 'closed'
  private stream: MediaStream | null = null
  private opening: Promise<MediaStream> | null = null
  private wanted = false

  constructor(
    private readonly changed: (state: MicrophoneState) => void,
    /** Another stream took the place of the one a call may be using. */
    private readonly replaced: (stream: MediaStream) => void,
  ) {
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.onDevices())
  }

  /** The open stream.  Rejects with the browser's own error when there is none to be had. */
  async open(): Promise<MediaStream> {
    this.wanted = true
    if (this.stream?.getAudioTracks().some((track) => track.readyState === 'live')) return this.stream
    this.opening ??= this.request().finally(() => (this.opening = null))
    return this.opening
  }

  close(): void {
    this.wanted = false
    this.drop()
    this.set('closed')
  }

  /** Opens the microphone anew: another one was chosen, or this one has gone.  A call goes on with it. */
  async reopen(): Promise<MediaStream> {
    const before = this.stream
    const stream = await this.request()
    for (const track of before?.getTracks() ?? []) track.stop()
    this.replaced(stream)
    return stream
  }

  private async request(): Promise<MediaStream> {
    if (this.state !== 'open') this.set('opening')
    try {
      const stream = await this.ask(usable('microphone'))
      for (const track of stream.getAudioTracks()) this.watch(track)
      this.stream = stream
      this.set(stream.getAudioTracks().some((track) => track.muted) ? 'silenced' : 'open')
      void readDevices()
      return stream
    } catch (error) {
      const name = error instanceof DOMException ? error.name : ''
      this.set(name === 'NotAllowedError' || name === 'SecurityError' ? 'blocked' : 'missing')
      throw error
    }
  }

  /** The chosen device; whatever the system prefers when that one will not open. */
  private async ask(deviceId: string): Promise<MediaStream> {
    const any = (): Promise<MediaStream> => navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS, video: false })
    if (!deviceId) return any()
    const audio = { ...CONSTRAINTS, deviceId: { exact: deviceId } }
    return navigator.mediaDevices.getUserMedia({ audio, video: false }).catch(any)
  }

  private watch(track: MediaStreamTrack): void {
    const mine = (act: () => void) => () => {
      if (this.stream?.getAudioTracks().includes(track)) act()
    }
    track.addEventListener('ended', mine(() => this.onLost()))
    track.addEventListener('mute', mine(() => this.set('silenced')))
    track.addEventListener('unmute', mine(() => this.set('open')))
  }

  private onLost(): void {
    this.set('lost')
    void this.reopen().catch(() => undefined)
  }

  private async onDevices(): Promise<void> {
    await readDevices()
    if (!this.wanted || this.opening) return
    if (DEAF.includes(this.state) && this.state !== 'blocked') await this.reopen().catch(() => undefined)
  }

  private drop(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
  }

  private set(state: MicrophoneState): void {
    if (this.state === state) return
    this.state = state
    this.changed(state)
  }
}
