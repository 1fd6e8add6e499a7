import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GuideAnswer } from '@/generated/http'
import { forbiddenIn, kinds, movedTo, needGuide, placeCode, placeText, requiredFor, dispositionName } from '@/guide/guide'
import { textsFrom } from '@/tickets/fields'

const leaf = (code: string, zh: string) => ({ code, zh, en: zh, children: [] })
const ANSWER = {
  kinds: ['thanks', 'complaint'],
  ask: [],
  guide: {
    required: [
      { fields: ['title'], kinds: [] },
      { fields: ['place', 'title'], kinds: ['complaint'] },
    ],
    places: [{ ...leaf('a', '东湖区'), children: [leaf('a/b', '望江路街道')] }, leaf('c', '西山区')],
    dispositions: [{ ...leaf('void', '无效来电'), children: [leaf('void/silent', '无声')] }],
    forbidden: [{ phrase: '不知道', instead: '我核实一下' }],
  },
} as unknown as GuideAnswer

describe("the city's guide", () => {
  beforeEach(async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(ANSWER), { status: 200 })))
    await needGuide()
  })
  afterEach(() => vi.unstubAllGlobals())

  it('asks for more where the kind needs more, each field once', () => {
    expect(requiredFor('thanks')).toEqual(['title'])
    expect(requiredFor('complaint')).toEqual(['title', 'place'])
  })
  it('shows the kinds the city knows, in the order of the program', () => {
    expect(kinds.value).toEqual(['complaint', 'thanks'])
  })
  it('finds the place an address begins with, and moves it without losing the rest', () => {
    expect(placeText('a/b')).toBe('东湖区望江路街道')
    expect(placeCode('东湖区望江路街道 88 号')).toBe('a/b')
    expect(placeCode('东湖区别处')).toBe('a')
    expect(placeCode('别处')).toBe('')
    expect(movedTo('东湖区望江路街道88号', 'c')).toBe('西山区88号')
    expect(movedTo('88号', 'a/b')).toBe('东湖区望江路街道88号')
    expect(movedTo('东湖区88号', '')).toBe('88号')
  })
  it('hears what is never said', () => {
    expect(forbiddenIn('我不知道').map((one) => one.instead)).toEqual(['我核实一下'])
    expect(forbiddenIn('我核实一下')).toEqual([])
  })
  it('names an outcome with what stands above it, and one that is gone by its code', () => {
    expect(dispositionName('void/silent')).toBe('无效来电 › 无声')
    expect(dispositionName('gone')).toBe('gone')
    expect(dispositionName(null)).toBe('')
  })
})

describe('a list of demands', () => {
  it('comes back from a draft without what is no text', () => {
    expect(textsFrom(['a', 5, null, 'b'])).toEqual(['a', 'b'])
    expect(textsFrom('a')).toEqual([])
  })
})
