/** How loud a microphone is, ten times a second, and the microphone's sound played back a moment later. */

const EVERY_MS = 100
/** Long enough to tell one's own voice from its echo, short enough not to be confusing. */
const LOOP_SECONDS = 0.8
/** Root mean square of quiet speech at a headset; background noise is far below. */
export const SPEECH_LEVEL = 0.015

export interface Listening {
  /** Plays what is heard, delayed, on this output; null stops it. */
  readonly hearMyself: (sinkId: string | null) => void
  readonly stop: () => void
}

/** 0 to 1 on a scale that looks as it sounds (60 dB). */
export function shownLevel(rms: number): number {
  return rms <= 0 ? 0 : Math.min(1, Math.max(0, 1 + Math.log10(rms) / 3))
}

export function listenTo(stream: MediaStream, heard: (rms: number) => void): Listening {
  const context = new AudioContext()
  void context.resume()
  const source = context.createMediaStreamSource(stream)
  const analyser = context.createAnalyser()
  analyser.fftSize = 2048
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    heard(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length))
  }, EVERY_MS)
  const loop = context.createDelay(2)
  loop.delayTime.value = LOOP_SECONDS
  source.connect(loop)
  return {
    hearMyself: (sinkId) => {
      loop.disconnect()
      if (sinkId === null) return
      const sinkable = context as AudioContext & { setSinkId?: (id: string) => Promise<void> }
      void sinkable.setSinkId?.(sinkId).catch(() => undefined)
      loop.connect(context.destination)
    },
    stop: () => {
      clearInterval(timer)
      void context.close()
    },
  }
}
