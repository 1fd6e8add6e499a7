/** Figures as people read them: percent, base, change against the period before, order of the units. */
import type { FiguresOut, IndicatorOut, IndicatorsAnswer, RateOut, UnitFiguresOut } from '@/generated/http'

/** `87.5 %`; a dash without a base, never 0 or 100. */
export function percent(rate: RateOut | undefined): string {
  return rate?.percent == null ? '—' : `${rate.percent} %`
}

/** `7 / 8`: what the percentage was counted from. */
export function base(rate: RateOut | undefined): string {
  return rate === undefined || rate.denominator === 0 ? '' : `${Math.round(rate.numerator * 10) / 10} / ${rate.denominator}`
}

export interface Change {
  readonly text: string
  readonly tone: 'good' | 'bad' | 'same'
}

/** Percentage points against the period before; null where one of the two has no base. */
export function change(now: RateOut | undefined, before: RateOut | undefined, better: IndicatorOut['better']): Change | null {
  if (now?.percent == null || before?.percent == null) return null
  const points = Math.round((now.percent - before.percent) * 100) / 100
  if (points === 0) return { text: '±0', tone: 'same' }
  const up = points > 0
  return { text: `${up ? '▲' : '▼'} ${Math.abs(points)}`, tone: (better === 'more') === up ? 'good' : 'bad' }
}

/** The units best first by this indicator (or by their points); those without a base at the end. */
export function ranked(answer: IndicatorsAnswer, code: string): readonly UnitFiguresOut[] {
  const better = answer.indicators.find((one) => one.code === code)?.better ?? 'more'
  const value = (unit: FiguresOut): number | null => (code === 'points' ? unit.points : (unit.rates[code]?.percent ?? null))
  return [...answer.units].sort((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    return better === 'less' ? a - b : b - a
  })
}

/** [since, until) just before this one and as long. */
export function before(since: string, until: string): { since: string; until: string } {
  const [from, to] = [new Date(since).getTime(), new Date(until).getTime()]
  return { since: new Date(2 * from - to).toISOString(), until: new Date(from).toISOString() }
}
