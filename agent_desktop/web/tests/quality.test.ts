import { describe, expect, it, vi } from 'vitest'
import { mosOf } from '@/phone/mos'
import { QualityMeter, REPORT_EVERY, SAMPLE_MS, sampleOf, Tally, totalsOf, Warnings, type Sample } from '@/phone/quality'

const good: Sample = { rtt: 20, jitter: 2, loss: 0, mos: 4.4, silent: false }
const bad: Sample = { ...good, rtt: 500 }

describe('the score (ITU-T G.107)', () => {
  it('is 4.4 on a perfect line and falls with delay, jitter and loss', () => {
    expect(mosOf({ rtt: 0, jitter: 0, loss: 0 })).toBeCloseTo(4.39, 2)
    expect(mosOf({ rtt: 150, jitter: 5, loss: 0 })).toBeGreaterThan(4.2)
    // Ie,eff of 5 % loss is 95·5/30.1 = 15.8: R = 93.2 − 0.96 − 15.8 = 76.5
    expect(mosOf({ rtt: 0, jitter: 0, loss: 0.05 })).toBeCloseTo(3.9, 1)
    expect(mosOf({ rtt: 900, jitter: 0, loss: 0 })).toBeLessThan(3.5)
    expect(mosOf({ rtt: 4000, jitter: 300, loss: 0.9 })).toBe(1)
    expect(mosOf({ rtt: null, jitter: 0, loss: 0 })).toBe(mosOf({ rtt: 0, jitter: 0, loss: 0 }))
  })
})

describe('statistics', () => {
  const inbound = { type: 'inbound-rtp', kind: 'audio', packetsReceived: 100, packetsLost: 0, jitter: 0.004 }
  it('are read from the audio streams and the path in use', () => {
    const remote = { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.1, roundTripTime: 0.05, jitter: 0.02 }
    const path = { type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.007 }
    expect(totalsOf([inbound, path])).toEqual({ received: 100, lost: 0, lostThere: null, rtt: 7, jitter: 4, spoken: null })
    expect(totalsOf([path, inbound, remote])).toEqual({ received: 100, lost: 0, lostThere: 0.1, rtt: 50, jitter: 20, spoken: null })
    expect(totalsOf([{ ...inbound, kind: 'video' }]).received).toBe(0)
  })
  it('of two moments give the loss in between, in the worse direction', () => {
    const before = totalsOf([inbound])
    const now = totalsOf([{ ...inbound, packetsReceived: 190, packetsLost: 10 }])
    expect(sampleOf(before, now).loss).toBeCloseTo(0.1)
    expect(sampleOf(before, { ...now, lostThere: 0.3 }).loss).toBeCloseTo(0.3)
    expect(sampleOf(now, now)).toMatchObject({ loss: 0, silent: false })
    expect(sampleOf({ ...now, spoken: 3 }, { ...now, spoken: 3 }).silent).toBe(true)
    expect(sampleOf({ ...now, spoken: 3 }, { ...now, spoken: 3.001 }).silent).toBe(false)
  })
})

describe('R47: a warning', () => {
  it('comes with the third bad sample of five and goes with the last but one', () => {
    const warnings = new Warnings()
    const seen = [bad, good, bad, good, bad, good, good, good, good].map((sample) => warnings.after(sample).join())
    expect(seen).toEqual(['', '', '', '', 'rtt', 'rtt', 'rtt', '', ''])
  })
  it('has the limits of the trade', () => {
    const named = (sample: Partial<Sample>): string => {
      const warnings = new Warnings()
      return [1, 2, 3].map(() => warnings.after({ ...good, ...sample })).at(-1)!.join()
    }
    expect(named({ rtt: 400, jitter: 30, loss: 0.03, mos: 3.5 })).toBe('')
    expect(named({ rtt: 401 })).toBe('rtt')
    expect(named({ jitter: 31 })).toBe('jitter')
    expect(named({ loss: 0.031 })).toBe('loss')
    expect(named({ mos: 3.49 })).toBe('mos')
    expect(named({ rtt: null })).toBe('')
  })
})

describe('the meter', () => {
  it('adds windows up', () => {
    const tally = new Tally()
    expect(tally.take()).toBeNull()
    tally.add({ ...good, warnings: [] })
    tally.add({ ...bad, rtt: null, mos: 3, warnings: ['mos'] })
    expect(tally.take()).toMatchObject({ seconds: 4, rtt_ms: 20, rtt_ms_max: 20, mos_min: 3, warnings: ['mos'] })
    expect(tally.take()).toBeNull()
  })
  it('samples a call, reports every fifth sample and the rest at the end', async () => {
    vi.useFakeTimers()
    let received = 0
    const getStats = async (): Promise<RTCStatsReport> =>
      new Map([['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: (received += 100), packetsLost: 0, jitter: 0 }]]) as never
    const measured = vi.fn()
    const report = vi.fn()
    const meter = new QualityMeter({ measured, report, muted: () => false })
    meter.watch({ getStats })
    await vi.advanceTimersByTimeAsync(SAMPLE_MS * (REPORT_EVERY + 2))
    expect(report).toHaveBeenCalledTimes(1)
    expect(measured).toHaveBeenLastCalledWith(expect.objectContaining({ loss: 0, warnings: [] }))
    meter.watch(null)
    expect(report).toHaveBeenCalledTimes(2)
    expect(report.mock.lastCall![0].seconds).toBe(2)
    expect(measured).toHaveBeenLastCalledWith(null)
    await vi.advanceTimersByTimeAsync(SAMPLE_MS * 3)
    expect(report).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })
})
