import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Matter, Work } from '@/api/matter'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'
import { daysInOrder, daysLeft, lightOf, said } from '@/matter/due'
import { filtersFrom, needsSearch, NO_FILTERS, parametersOf, partsOf, queryOf, savedFilters, withFilter } from '@/matter/filters'
import { counted, pressing } from '@/matter/inbox'
import { ELSEWHERE, fieldsOf, FOREMOST, FORMS, givenFrom, missing, offered } from '@/tickets/act/forms'

const LIFE = readFileSync(join(__dirname, '../../../ticketing/life.txt'), 'utf-8')
const WORDS = readFileSync(join(__dirname, '../../../ticketing/words.toml'), 'utf-8')

/** Rows of the workflow's table: verb, who, needs. */
const rows = LIFE.split('\n')
  .filter((line) => line.includes(' | ') && !line.startsWith('#'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map((cells) => ({ verb: cells[1]!, who: cells[3]!.split(' '), needs: cells[4]!.split(' ').filter((one) => one !== '-') }))

/** A family of words as the ticket room has them: `[["answer", "当即答复", "answer"], …]`. */
function words(family: string): string[][] {
  const section = WORDS.split(`[${family}]`)[1]!.split('\n[')[0]!
  return [...section.matchAll(/^(\w+) = \["(.*)", "(.*)"\]$/gm)].map((hit) => hit.slice(1))
}

describe('the verbs of the workflow', () => {
  it('all have a form, unless the program itself says them', () => {
    expect(rows.length).toBeGreaterThan(60)
    for (const { verb, who } of rows)
      if (who.join() !== 'system' && !ELSEWHERE.includes(verb)) expect(FORMS, verb).toHaveProperty(verb)
  })
  it('have no form that the workflow does not know', () => {
    const known = new Set(rows.map((row) => row.verb))
    expect(Object.keys(FORMS).filter((verb) => !known.has(verb))).toEqual([])
    expect(FOREMOST.filter((verb) => !(verb in FORMS))).toEqual([])
  })
  it('ask for everything the workflow cannot do without', () => {
    for (const { verb, needs } of rows) {
      const fields = FORMS[verb]
      if (!fields) continue
      const asked = fields.filter((field) => field.required).map((field) => field.name)
      for (const name of needs) expect(asked, verb).toContain(name)
    }
  })
  it('ask for what a regulation may want beyond that', () => {
    const asked = (verb: string): readonly string[] => FORMS[verb]!.map((field) => field.name)
    expect(asked('explain')).toContain('plan')
    expect(asked('evaluate_supervision')).toContain('rectified')
    expect(asked('carry_out_duty')).toContain('effect')
    expect(asked('report')).toContain('answered_via')
  })
  it('have the ticket room’s own words in both languages', () => {
    for (const family of ['duty', 'outcome', 'mode', 'origin', 'ledger'])
      for (const [code, chinese, english] of words(family)) {
        expect(zh[`${family}.${code}` as keyof typeof zh]).toBe(chinese)
        expect(en[`${family}.${code}` as keyof typeof zh]).toBe(english)
      }
    expect(words('verb').map(([code]) => `verb.${code}`).filter((key) => !(key in zh))).toEqual([])
  })
  it('have a label for every field', () => {
    const labels = Object.values(FORMS).flatMap((form) => form.map((field) => field.label ?? `need.${field.name}`))
    expect(labels.filter((key) => !(key in zh))).toEqual([])
  })
})

describe('a form', () => {
  const report = fieldsOf('report', 'dispatched', ['handler_signature'])
  it('asks only for what the regulation checks', () => {
    const names = report.map((field) => field.name)
    expect(names).toContain('signature')
    expect(names).not.toContain('seal')
  })
  it('asks by where the ticket stands', () => {
    expect(fieldsOf('close', 'promised', []).map((field) => field.name)).toEqual(['reason'])
    expect(fieldsOf('close', 'answered', [])).toEqual([])
  })
  it('sends what was filled in and says what is missing', () => {
    const at = new Date(0)
    const fields = fieldsOf('promise', 'callback', [])
    expect(givenFrom(fields, { condition: ' ', wake_at: at })).toEqual({ wake_at: at })
    expect(missing(fields, { wake_at: at }).map((field) => field.name)).toEqual(['condition'])
  })
})

describe('what is offered', () => {
  const work = { work_id: 'w', light: 'red' } as Work
  const matter = {
    ticket: { urgent: true, major: false, confidential: false, emergency: null },
    duties: [],
    meetings: [],
    items: [],
    orders: [{ kind: 'supervise', work_id: 'other', status: 'open' }],
    verbs: {
      ticket: ['mark_urgent', 'carry_out_duty', 'mark_major', 'dispatch'],
      w: ['remind', 'urge', 'answer_supervision', 'urge'],
    },
  } as unknown as Matter
  it('leaves out what has no object, the foremost first', () => {
    expect(offered(matter, null)).toEqual(['dispatch', 'mark_major'])
    expect(offered(matter, work)).toEqual(['urge'])
  })
})

describe('lights and dates', () => {
  const ticket = { status: 'handling', due_at: '2026-03-16T15:59:59Z', yellow_from: '2026-03-12T16:00:00Z' }
  it('turn yellow and red, and go out when nobody owes anything', () => {
    expect(lightOf(ticket, Date.parse('2026-03-12T15:59:59Z'))).toBe('green')
    expect(lightOf(ticket, Date.parse('2026-03-12T16:00:00Z'))).toBe('yellow')
    expect(lightOf(ticket, Date.parse('2026-03-16T15:59:59Z'))).toBe('yellow')
    expect(lightOf(ticket, Date.parse('2026-03-16T16:00:00Z'))).toBe('red')
    expect(lightOf({ ...ticket, status: 'closed' }, Date.parse('2027-01-01T00:00:00Z'))).toBeNull()
    expect(daysLeft('2026-03-16T15:59:59Z', Date.parse('2026-03-18T16:00:00Z'))).toBe(-2)
  })
  it('lists counted and skipped days in order', () => {
    const days = daysInOrder(
      [{ date: '2026-03-06', day: 1, why: 'working day' }, { date: '2026-03-09', day: 2, why: 'working day' }],
      [{ date: '2026-03-07', day: null, why: 'weekend' }],
    )
    expect(days.map((day) => day.day)).toEqual([1, null, 2])
  })
  it('says every phrase of the server in Chinese', () => {
    const sources = ['sla.py', 'calendar.py', 'deadlines.py'].map((file) =>
      readFileSync(join(__dirname, '../../../ticketing', file), 'utf-8'),
    )
    const phrases = [
      'working day', 'make-up working day', 'weekend', 'holiday', 'natural day',
      'the last day moves on', 'answered on the spot', 'the centre sets the limit at dispatch',
      "the regulation says nothing about a law's own limit; the law named holds",
    ]
    for (const phrase of phrases) {
      expect(sources.some((source) => source.includes(phrase)), phrase).toBe(true)
      expect(said(phrase)).toMatch(/[\u4e00-\u9fff]/)
    }
    expect(said('the calendar of 2031 is not loaded')).toBe('2031 年放假安排未载入')
    expect(said('24 hours on the wall clock')).toContain('24 小时')
    expect(said('paused: 补充材料')).toBe('停算：补充材料')
    expect(said("the law's 5 working days are not longer, so the regulation's 7 stand")).toContain('5')
    expect(said('something new')).toBe('something new')
  })
  it('are counted for the inbox', () => {
    const works = [{ light: 'red' }, { light: 'green' }, { light: null }] as unknown as Parameters<typeof counted>[0]
    expect(counted(works)).toEqual({ red: 1, yellow: 0, green: 1 })
    expect(pressing(works)).toHaveLength(1)
  })
})

describe('filters', () => {
  it('come back from the address as they went in', () => {
    const filters = { ...NO_FILTERS, q: '路灯', unit: 'police', sort: 'oldest' as const }
    expect(filtersFrom(queryOf(filters))).toEqual(filters)
    expect(queryOf(NO_FILTERS)).toEqual({})
    expect(needsSearch({ ...NO_FILTERS, status: 'closed' })).toBe(false)
    expect(needsSearch(filters)).toBe(true)
  })
  it('are asked for by the names of the API, empty ones and what only a search knows left out', () => {
    const lit = { ...NO_FILTERS, light: 'red', due_to: '2026-03-31', sort: 'best' as const }
    expect(partsOf(lit)).toEqual(['light', 'due_to'])
    expect(parametersOf(lit).toString()).toBe('light=red&due_to=2026-03-31&sort=newest')
    expect(parametersOf({ ...lit, q: ' 路灯 ' }).get('q')).toBe('路灯')
    expect(parametersOf({ ...lit, q: '路灯' }).get('sort')).toBe('best')
  })
  it('survive a damaged store, and a name stands once', () => {
    expect(savedFilters('{')).toEqual([])
    expect(savedFilters('[{"name":1},{"name":"a","filters":{"sort":"no"}}]')).toEqual([{ name: 'a', filters: NO_FILTERS }])
    const twice = withFilter([{ name: 'a', filters: NO_FILTERS }], { name: 'a', filters: { ...NO_FILTERS, q: 'x' } })
    expect(twice).toHaveLength(1)
  })
})
