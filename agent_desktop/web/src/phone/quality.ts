/**
 * How good the line between this browser and the switch is: read from the call's own statistics every two seconds,
 * warned of when it stays bad, and added up for the call's story.
 */
import type { ClientQuality } from '@/generated/live'
import { mosOf, type Measured } from './mos'

export type QualityWarning = ClientQuality['warnings'][number]

export const SAMPLE_MS = 2000
/** Samples between two reports to the server. */
export const REPORT_EVERY = 5

export interface Sample extends Measured {
  readonly mos: number
  /** The microphone gave digital silence, which no room does: it is switched off at the device. */
  readonly silent: boolean
}

export interface Quality extends Sample {
  readonly warnings: readonly QualityWarning[]
}

/** A sample beyond its limit counts as bad. */
const BAD: Readonly<Record<QualityWarning, (sample: Sample) => boolean>> = {
  rtt: (sample) => (sample.rtt ?? 0) > 400,
  jitter: (sample) => sample.jitter > 30,
  loss: (sample) => sample.loss > 0.03,
  mos: (sample) => sample.mos < 3.5,
  silent: (sample) => sample.silent,
}
const WATCHED = Object.keys(BAD) as (keyof typeof BAD)[]
const WINDOW = 5
const RAISE_AT = 3
const CLEAR_AT = 1

/** Warns after three bad samples of five, and stops after at most one of five: one bad second is no news. */
export class Warnings {
  private readonly last: Sample[] = []
  private raised: readonly QualityWarning[] = []

  /** The warnings in force after this sample. */
  after(sample: Sample): readonly QualityWarning[] {
    this.last.push(sample)
    if (this.last.length > WINDOW) this.last.shift()
    this.raised = WATCHED.filter((name) => {
      const bad = this.last.filter(BAD[name]).length
      return this.raised.includes(name) ? bad > CLEAR_AT : bad >= RAISE_AT
    })
    return this.raised
  }
}

/** Running totals of the statistics at one moment. */
export interface Totals {
  readonly received: number
  readonly lost: number
  /** Share the other side has lost lately of what we send; null when it has not said. */
  readonly lostThere: number | null
  readonly rtt: number | null
  readonly jitter: number
  /** Energy of what the microphone has given so far; null when the browser does not say. */
  readonly spoken: number | null
}

type Entry = Readonly<Record<string, unknown>>
const figure = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

/** What a statistics report (webrtc-stats) says of the one audio stream. */
export function totalsOf(entries: Iterable<Entry>): Totals {
  let received = 0
  let lost = 0
  let lostThere: number | null = null
  let jitter = 0
  let rtt: number | null = null
  let pathRtt: number | null = null
  let spoken: number | null = null
  for (const entry of entries) {
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
      received += figure(entry.packetsReceived) ?? 0
      lost += figure(entry.packetsLost) ?? 0
      jitter = Math.max(jitter, (figure(entry.jitter) ?? 0) * 1000)
    } else if (entry.type === 'remote-inbound-rtp' && entry.kind === 'audio') {
      lostThere = figure(entry.fractionLost)
      const seconds = figure(entry.roundTripTime)
      if (seconds !== null) rtt = seconds * 1000
      jitter = Math.max(jitter, (figure(entry.jitter) ?? 0) * 1000)
    } else if (entry.type === 'media-source' && entry.kind === 'audio') {
      spoken = figure(entry.totalAudioEnergy)
    } else if (entry.type === 'candidate-pair' && entry.state === 'succeeded' && entry.nominated === true) {
      const seconds = figure(entry.currentRoundTripTime)
      if (seconds !== null) pathRtt = seconds * 1000
    }
  }
  return { received, lost, lostThere, rtt: rtt ?? pathRtt, jitter, spoken }
}

/** What happened between two moments; the worse direction counts. */
export function sampleOf(before: Totals, now: Totals): Sample {
  const received = Math.max(0, now.received - before.received)
  const lost = Math.max(0, now.lost - before.lost)
  const lostHere = received + lost > 0 ? lost / (received + lost) : 0
  const measured = { rtt: now.rtt, jitter: now.jitter, loss: Math.min(1, Math.max(lostHere, now.lostThere ?? 0)) }
  return { ...measured, mos: mosOf(measured), silent: now.spoken !== null && now.spoken === before.spoken }
}

export type Report = Omit<ClientQuality, 'v' | 'type' | 'contact_id'>

/** Samples added up until they are reported. */
export class Tally {
  private samples: Sample[] = []
  private warnings = new Set<QualityWarning>()

  add(quality: Quality): void {
    this.samples.push(quality)
    for (const warning of quality.warnings) this.warnings.add(warning)
  }

  get size(): number {
    return this.samples.length
  }

  /** The window as the server takes it; null when nothing was measured.  Begins anew. */
  take(): Report | null {
    const { samples, warnings } = this
    this.samples = []
    this.warnings = new Set()
    if (samples.length === 0) return null
    const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, one) => sum + of(one), 0) / samples.length
    const most = (of: (sample: Sample) => number): number => Math.max(...samples.map(of))
    const known = samples.filter((one) => one.rtt !== null).map((one) => one.rtt!)
    return {
      seconds: (samples.length * SAMPLE_MS) / 1000,
      rtt_ms: known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : null,
      rtt_ms_max: known.length > 0 ? Math.max(...known) : null,
      jitter_ms: mean((one) => one.jitter),
      jitter_ms_max: most((one) => one.jitter),
      loss: mean((one) => one.loss),
      loss_max: most((one) => one.loss),
      mos: mean((one) => one.mos),
      mos_min: Math.min(...samples.map((one) => one.mos)),
      warnings: [...warnings],
    }
  }
}

export interface MeterHooks {
  /** Every two seconds; null when nothing is measured any more. */
  readonly measured: (quality: Quality | null) => void
  /** The person has muted themselves: silence is what they want. */
  readonly muted: () => boolean
  /** A window to keep with the call. */
  readonly report: (report: Report) => void
}

/** Watches one call's connection until told otherwise. */
export class QualityMeter {
  private timer: ReturnType<typeof setInterval> | undefined
  private before: Totals | null = null
  private warnings = new Warnings()
  private tally = new Tally()

  constructor(private readonly hooks: MeterHooks) {}

  watch(connection: Pick<RTCPeerConnection, 'getStats'> | null): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.before = null
    this.report()
    this.hooks.measured(null)
    if (!connection) return
    this.warnings = new Warnings()
    this.timer = setInterval(() => void this.look(connection), SAMPLE_MS)
  }

  private async look(connection: Pick<RTCPeerConnection, 'getStats'>): Promise<void> {
    const report = await connection.getStats().catch(() => null)
    if (!report || this.timer === undefined) return
    const entries: Entry[] = []
    report.forEach((entry: Entry) => entries.push(entry))
    const now = totalsOf(entries)
    const { before } = this
    this.before = now
    // Before the first packet there is nothing to say; a call that rings has a connection already.
    if (!before || now.received === 0) return
    const sample = { ...sampleOf(before, now), ...(this.hooks.muted() && { silent: false }) }
    const quality = { ...sample, warnings: this.warnings.after(sample) }
    this.tally.add(quality)
    this.hooks.measured(quality)
    if (this.tally.size >= REPORT_EVERY) this.report()
  }

  private report(): void {
    const report = this.tally.take()
    if (report) this.hooks.report(report)
  }
}
