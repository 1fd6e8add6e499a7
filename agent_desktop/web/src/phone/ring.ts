/**
 * The ringing sound, made here (no file to load) and looped by the audio engine, so that a hidden tab whose
 * timers the browser has throttled goes on ringing.
 */

const TONE_SECONDS = 1
const SILENCE_SECONDS = 2
const LEVEL = 0.22

let context: AudioContext | null = null
let sound: AudioBuffer | null = null

function audio(): AudioContext {
  context ??= new AudioContext()
  return context
}

/** Call in a click or key press: browsers keep sound off until the person has done something on the page. */
export async function unlockSound(): Promise<boolean> {
  try {
    await audio().resume()
  } catch {
    return false
  }
  return audio().state === 'running'
}

/** Would a ring be heard now? */
export function soundUnlocked(): boolean {
  return context?.state === 'running'
}

function ringBuffer(ctx: AudioContext): AudioBuffer {
  const rate = ctx.sampleRate
  const buffer = ctx.createBuffer(1, rate * (TONE_SECONDS + SILENCE_SECONDS), rate)
  const samples = buffer.getChannelData(0)
  const length = rate * TONE_SECONDS
  const edge = rate * 0.03
  for (let i = 0; i < length; i++) {
    const t = i / rate
    const warble = Math.floor(t / 0.125) % 2 === 0 ? 523.25 : 659.25
    const fade = Math.min(1, i / edge, (length - i) / edge)
    samples[i] = LEVEL * fade * Math.sin(2 * Math.PI * warble * t)
  }
  return buffer
}

/** Starts ringing; the returned function stops it.  Plays on `sinkId` (a loudspeaker) where the browser can. */
export function startRing(sinkId = ''): () => void {
  const ctx = audio()
  void ctx.resume().catch(() => undefined)
  const sinkable = ctx as AudioContext & { setSinkId?: (id: string) => Promise<void> }
  if (sinkId && sinkable.setSinkId) void sinkable.setSinkId(sinkId).catch(() => undefined)
  const source = ctx.createBufferSource()
  sound ??= ringBuffer(ctx)
  source.buffer = sound
  source.loop = true
  source.connect(ctx.destination)
  source.start()
  return () => {
    source.stop()
    source.disconnect()
  }
}
