/** One recording being looked at and heard: waveform, voice, transcript, which seconds were heard. */
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import WaveSurfer from 'wavesurfer.js'
import type { GenericPlugin } from 'wavesurfer.js/dist/base-plugin.js'
import { api, ApiError } from '@/api/http'
import type { PlayAnswer } from '@/api/replay'
import type { Peaks, Recording, RecordingAnswer, Transcript } from '@/api/types'
import { dark } from '@/shell/theme'
import { Heard, type Span } from './heard'
import { reason } from './reason'

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const
export const STEP = 5
export const LEG_HEIGHT = 64
const LEAD_OUT = 0.3 // seconds of a silence that are heard before the jump, and after it

export interface PlayerOptions {
  /** Stretches in which nobody speaks, for skipping. */
  readonly silences?: Ref<readonly Span[]>
  /** Why, where that is plain from the work itself; else the person is asked. */
  readonly because?: () => string | undefined
  /** Told when a recording is looked at.  Where it is being opened at once: until its voice is heard, or may no longer
   * be waited for; what is known of it is read after that, for whoever clicked wants to hear. */
  readonly opening?: () => Promise<unknown> | null
  /** Drags select instead of seeking. */
  readonly plugins?: () => GenericPlugin[]
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function legs(): { height: number; waveColor: string; progressColor: string }[] {
  return ['citizen', 'agent'].map((leg) => ({
    height: LEG_HEIGHT,
    waveColor: colour(`--leg-${leg}`),
    progressColor: colour(`--leg-${leg}-done`),
  }))
}

/** Both voices are drawn to one scale, so that a quiet one looks quiet; near silence is not blown up to noise. */
function loudest(channels: readonly (readonly number[])[]): number {
  return Math.max(0.05, ...channels.map((points) => points.reduce((most, point) => Math.max(most, point), 0)))
}

export function usePlayer(id: () => string, box: Ref<HTMLElement | null>, options: PlayerOptions = {}) {
  const recording = shallowRef<Recording | null>(null)
  const transcript = shallowRef<Transcript | null>(null)
  const problem = ref('')
  const wave = shallowRef<WaveSurfer | null>(null)
  const playId = ref('')
  const playing = ref(false)
  const drawn = ref(false)
  const at = ref(0)
  const length = ref(0)
  const speed = ref<number>(1)
  const skipSilence = ref(false)
  const loop = shallowRef<Span | null>(null)
  const waiting = computed(() => recording.value?.state === 'waiting' || recording.value?.state === 'processing')
  const media = new Audio()
  media.preload = 'auto'
  let round = 0
  let reads = 0
  let heard: Heard | null = null
  let known: Promise<Recording> | null = null
  // The voice may come before the waveform does, so the player's state is the voice's own.
  media.addEventListener('play', () => (playing.value = true))
  media.addEventListener('pause', paused)
  media.addEventListener('ended', paused)
  media.addEventListener('timeupdate', () => playing.value && moved(media.currentTime))
  media.addEventListener('error', () => playId.value && void unplayable())

  function stop(): void {
    heard?.close()
    heard = null
    playId.value = ''
    wave.value?.destroy()
    wave.value = null
    media.pause()
    media.removeAttribute('src')
    playing.value = false
    drawn.value = false
    loop.value = null
    at.value = 0
  }

  async function load(): Promise<void> {
    const mine = ++round
    const wanted = id()
    stop()
    problem.value = ''
    transcript.value = null
    known = null
    const opening = options.opening?.() ?? null
    await opening
    try {
      if (mine !== round) return
      const found = await about()
      if (mine !== round) return
      recording.value = found
      if (found.state !== 'ready') return
      const [peaks] = await Promise.all([
        api<Peaks>(`/recordings/${wanted}/peaks`),
        opening ? undefined : readTranscript(mine),
      ])
      if (mine === round) draw(peaks)
    } catch (error) {
      if (mine === round) fail(error)
    }
  }

  function about(): Promise<Recording> {
    known ??= api<RecordingAnswer>(`/recordings/${id()}`).then((answer) => answer.recording)
    return known
  }

  /** The element only knows that it cannot play; the server says why. */
  async function unplayable(): Promise<void> {
    problem.value ||= 'cannot_play'
    await api(`/recordings/${id()}/audio?play=${playId.value}`, { headers: { Range: 'bytes=0-0' } }).catch(fail)
  }

  function fail(error: unknown): void {
    problem.value = error instanceof ApiError ? String(error.problem.detail.problem ?? error.id) : 'internal'
  }

  /** What can be said without a reason: that there is no transcript; what was said comes once a reason is given. */
  async function readTranscript(mine: number, version?: number): Promise<void> {
    const read = ++reads
    const query = new URLSearchParams(playId.value ? { play: playId.value } : {})
    if (version) query.set('version', String(version))
    const said = await api<Transcript>(`/recordings/${id()}/transcript?${query}`).catch(() => null)
    if (mine === round && read === reads) transcript.value = said
  }

  function draw(peaks: Peaks): void {
    if (!box.value) return
    length.value = peaks.seconds
    const channels = [peaks.peaks.citizen, peaks.peaks.other].filter((leg) => leg !== undefined).map((leg) => [...leg])
    const made = WaveSurfer.create({
      container: box.value,
      media,
      peaks: channels,
      duration: peaks.seconds,
      splitChannels: legs().slice(0, channels.length),
      cursorColor: colour('--ink'),
      cursorWidth: 2,
      barWidth: 2,
      barGap: 1,
      barRadius: 2,
      barMinHeight: 1,
      normalize: true,
      maxPeak: loudest(channels),
      dragToSeek: !options.plugins,
      plugins: options.plugins?.() ?? [],
    })
    made.on('timeupdate', moved)
    made.on('seeking', (seconds) => (at.value = seconds))
    made.on('redrawcomplete', () => (drawn.value = true))
    media.preservesPitch = true
    media.playbackRate = speed.value
    wave.value = made
  }

  function source(): string {
    return `/api/v1/recordings/${id()}/audio?play=${playId.value}`
  }

  /** Says why, so that the voice and the words may come; the words follow by themselves.  Throws what the server refuses. */
  async function open(): Promise<void> {
    const mine = round
    const body = { reason: options.because?.() ?? reason.value }
    const answer = await api<PlayAnswer>(`/recordings/${id()}/plays`, { method: 'POST', body }).catch(async (error: unknown) => {
      const found = await about().catch(() => null)
      if (found?.state === 'ready') throw error
      return null // what is the matter with the recording is said where its waveform would be
    })
    if (mine !== round || !answer) return
    heard?.close()
    playId.value = answer.play_id
    heard = new Heard(answer.play_id, () => void again())
    let told = false
    const words = (): void => {
      if (!told && mine === round) void readTranscript(mine)
      told = true
    }
    const from = at.value
    media.src = source()
    media.currentTime = from
    media.preservesPitch = true
    media.playbackRate = speed.value
    // The voice first: a transcript of two hours keeps server and page busy for a tenth of a second.
    for (const event of ['canplay', 'error']) media.addEventListener(event, words, { once: true })
  }

  /** The server has closed the play (nothing was heard for long): the same reason opens another. */
  async function again(): Promise<void> {
    const went = playing.value
    await open().catch(fail)
    if (went) await play()
  }

  async function play(): Promise<void> {
    if (!playId.value) return
    await media.play().catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) void unplayable()
    })
  }

  function paused(): void {
    playing.value = false
    heard?.pause()
  }

  function moved(seconds: number): void {
    at.value = seconds
    if (!playing.value) return
    heard?.moment(seconds, speed.value)
    if (loop.value && seconds >= loop.value[1]) seek(loop.value[0])
    else if (skipSilence.value) {
      const quiet = options.silences?.value.find(([start, end]) => seconds > start + LEAD_OUT && seconds < end - LEAD_OUT)
      if (quiet) seek(quiet[1] - LEAD_OUT)
    }
  }

  function toggle(): void {
    if (playing.value) media.pause()
    else void play()
  }

  function seek(seconds: number): void {
    heard?.pause()
    const to = Math.max(0, Math.min(length.value || Infinity, seconds))
    if (wave.value) wave.value.setTime(to)
    else media.currentTime = to
    at.value = to
  }

  function setSpeed(next: number): void {
    speed.value = next
    media.playbackRate = next
  }

  watch([id, box], ([, element]) => element && void load(), { immediate: true })
  watch(dark, () => wave.value?.setOptions({ splitChannels: legs(), cursorColor: colour('--ink') }))
  const leave = (): void => heard?.close()
  window.addEventListener('pagehide', leave)
  onBeforeUnmount(() => {
    round += 1
    window.removeEventListener('pagehide', leave)
    stop()
  })

  return {
    recording, transcript, problem, wave, playId, playing, drawn, at, length, speed, skipSilence, loop, waiting, media,
    load, open, play, toggle, seek, setSpeed, readVersion: (version: number) => readTranscript(round, version),
  }
}
