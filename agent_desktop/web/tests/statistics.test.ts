import { describe, expect, it } from 'vitest'
import type { FiguresOut, IndicatorsAnswer, RateOut } from '@/generated/http'
import { base, before, change, percent, ranked } from '@/statistics/figures'

const rate = (percentage: number | null, numerator = 1, denominator = percentage === null ? 0 : 8): RateOut => ({
  numerator,
  denominator,
  percent: percentage,
})
const SPANS = { tickets: 0, mean_days: null, median_days: null, mean_hours: null, median_hours: null }
const figures = (overdue: RateOut, points: number | null): FiguresOut => ({
  rates: { overdue },
  spans: SPANS,
  points,
  place: null,
})
const answer: IndicatorsAnswer = {
  indicators: [{ code: 'overdue', better: 'less' }],
  not_regulated: [],
  scored: true,
  office: figures(rate(10), null),
  units: [
    { unit_id: 'late', zh: '甲', en: 'A', group: null, ...figures(rate(30), 5) },
    { unit_id: 'idle', zh: '乙', en: 'B', group: null, ...figures(rate(null), null) },
    { unit_id: 'quick', zh: '丙', en: 'C', group: null, ...figures(rate(2), 9) },
  ],
}

describe('figures', () => {
  it('without a base are a dash, not 0', () => {
    expect([percent(rate(null)), percent(undefined), percent(rate(0))]).toEqual(['—', '—', '0 %'])
    expect([base(rate(null)), base(rate(23.75, 1.9))]).toEqual(['', '1.9 / 8'])
  })
  it('change for the better or the worse by what the indicator means', () => {
    expect(change(rate(12.5), rate(10), 'more')).toEqual({ text: '▲ 2.5', tone: 'good' })
    expect(change(rate(12.5), rate(10), 'less')).toEqual({ text: '▲ 2.5', tone: 'bad' })
    expect(change(rate(9.9), rate(10), 'less')).toEqual({ text: '▼ 0.1', tone: 'good' })
    expect(change(rate(10), rate(10), 'more')).toEqual({ text: '±0', tone: 'same' })
    expect(change(rate(10), rate(null), 'more')).toBeNull()
  })
  it('rank the best unit first, and units without a base last', () => {
    expect(ranked(answer, 'overdue').map((one) => one.unit_id)).toEqual(['quick', 'late', 'idle'])
    expect(ranked(answer, 'points').map((one) => one.unit_id)).toEqual(['quick', 'late', 'idle'])
  })
  it('are compared with the period just before', () => {
    expect(before('2026-11-27T12:00:00+08:00', '2026-11-28T12:00:00+08:00')).toEqual({
      since: '2026-11-26T04:00:00.000Z',
      until: '2026-11-27T04:00:00.000Z',
    })
  })
})
