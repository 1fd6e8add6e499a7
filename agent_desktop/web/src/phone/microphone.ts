/**
 * One microphone stream, opened once and kept while the agent is on duty.
 *
 * Opening it at the first answer would cost half a second of the citizen's patience and a permission question
 * in the middle of a ring; a page that is capturing may also play sound without a click.
 */

export type MicrophoneState = 'closed' | 'opening' | 'open' | 'blocked' | 'missing' | 'lost'

const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
}

export class Microphone {
  state: MicrophoneState = 'closed'
  private stream: MediaStream | null = null
  private opening: Promise<MediaStream> | null = null

  constructor(private readonly changed: (state: MicrophoneState) => void) {}

  /** The open stream.  Rejects with the browser's own error when there is none to be had. */
  async open(): Promise<MediaStream> {
    if (this.stream?.getAudioTracks().some((track) => track.readyState === 'live')) return this.stream
    this.opening ??= this.request().finally(() => (this.opening = null))
    return this.opening
  }

  close(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
    this.set('closed')
  }

  private async request(): Promise<MediaStream> {
    this.set('opening')
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: CONSTRAINTS, video: false })
      for (const track of stream.getAudioTracks()) track.addEventListener('ended', () => this.set('lost'))
      this.stream = stream
      this.set('open')
      return stream
    } catch (error) {
      const name = error instanceof DOMException ? error.name : ''
      this.set(name === 'NotAllowedError' || name === 'SecurityError' ? 'blocked' : 'missing')
      throw error
    }
  }

  private set(state: MicrophoneState): void {
    if (this.state === state) return
    this.state = state
    this.changed(state)
  }
}
