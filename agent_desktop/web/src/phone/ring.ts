/**
 * The ringing sound, made here (no file to load) and looped by the audio engine, so that a hidden tab whose
 * timers the browser has throttled goes on ringing.
 */

const TONE_SECONDS = 1
const SILENCE_SECONDS = 2
const LEVEL = 0.22

/** One engine an output; '' is the system's own. */
const contexts = new Map<string, AudioContext>()
const sounds = new WeakMap<AudioContext, AudioBuffer>()

function audio(sinkId = ''): AudioContext {
  let context = contexts.get(sinkId)
  if (!context) {
    context = new AudioContext()
    contexts.set(sinkId, context)
    const sinkable = context as AudioContext & { setSinkId?: (id: string) => Promise<void> }
    if (sinkId && sinkable.setSinkId) void sinkable.setSinkId(sinkId).catch(() => undefined)
  }
  return context
}

/** Call in a click or key press: browsers keep sound off until the person has done something on the page. */
export async function unlockSound(): Promise<boolean> {
  try {
    await audio().resume()
  } catch {
    return false
  }
  return soundUnlocked()
}

/** Would a ring be heard now? */
export function soundUnlocked(): boolean {
  return contexts.get('')?.state === 'running'
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

/** Plays a buffer on one output until stopped. */
function play(buffer: AudioBuffer, context: AudioContext, loop: boolean): () => void {
  void context.resume().catch(() => undefined)
  const source = context.createBufferSource()
  source.buffer = buffer
  source.loop = loop
  source.connect(context.destination)
  source.start()
  return () => {
    source.stop()
    source.disconnect()
  }
}

/** Starts ringing on every one of these outputs ('' is the system's own); the returned function stops it. */
export function startRing(sinkIds: readonly string[] = ['']): () => void {
  const stops = [...new Set(sinkIds)].map((sinkId) => {
    const context = audio(sinkId)
    let sound = sounds.get(context)
    if (!sound) sounds.set(context, (sound = ringBuffer(context)))
    return play(sound, context, true)
  })
  return () => stops.forEach((stop) => stop())
}
