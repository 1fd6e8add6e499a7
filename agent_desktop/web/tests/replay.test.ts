import { describe, expect, it } from 'vitest'
import { withMoment, type Span } from '@/recordings/heard'
import { legName, legNames } from '@/recordings/legs'
import { marked } from '@/recordings/marked'
import { parametersOf, queryOf } from '@/replay/query'

const heard = (moments: readonly number[], speed = 1): readonly Span[] =>
  moments.reduce<Span[]>((spans, at) => withMoment(spans, at, speed), [])

describe('which seconds were heard', () => {
  it('is one stretch while the voice goes on', () => expect(heard([0, 0.3, 0.9, 2])).toEqual([[0, 2]]))
  it('begins anew after a jump, forward or back', () => {
    expect(heard([0, 1, 9, 10])).toEqual([[0, 1], [9, 10]])
    expect(heard([5, 6, 2, 3])).toEqual([[5, 6], [2, 3]])
  })
  it('goes on in longer steps when played fast', () => {
    expect(heard([0, 3, 6], 3)).toEqual([[0, 6]])
    expect(heard([0, 3, 6], 1)).toHaveLength(3)
  })
})

describe('who is heard on which leg', () => {
  it('of a message is the citizen alone', () => {
    expect(legNames({ kind: 'voicemail', channels: 1 })).toEqual(['player.citizen'])
    expect(legNames({ kind: 'survey', channels: 1 })).toEqual(['player.citizen'])
  })
  it('of a conversation of which only the mix was left is everybody', () => {
    const names = legNames({ kind: 'call', channels: 1 })
    expect(names).toEqual(['player.everybody'])
    expect(legName('citizen', names)).toBe('player.everybody')
  })
  it('of a private consultation is the party asked, not the citizen', () => {
    expect(legNames({ kind: 'consult', channels: 2 })).toEqual(['player.consulted', 'player.agent'])
  })
  it('of a call is each side', () => {
    const names = legNames({ kind: 'call', channels: 2 })
    expect([legName('citizen', names), legName('other', names)]).toEqual(['player.citizen', 'player.agent'])
  })
})

describe('a sentence with what was looked for', () => {
  const hits = (text: string, words: string): string[] => marked(text, words).filter((one) => one.hit).map((one) => one.text)
  it('marks every place of every group', () => {
    expect(hits('路灯不亮，路灯坏了', '路灯 坏了')).toEqual(['路灯', '路灯', '坏了'])
    expect(hits('ABC abc', 'abc')).toEqual(['ABC', 'abc'])
  })
  it('loses nothing of the sentence', () => {
    for (const words of ['', '路', '路灯 灯不', '没有'])
      expect(marked('路灯不亮', words).map((one) => one.text).join('')).toBe('路灯不亮')
  })
})

describe('what is looked for', () => {
  it('is what is known and not empty', () => {
    expect(queryOf({ words: '路灯', by: '', at: '3', nonsense: 'x', since: '2026-03-02' })).toEqual({ words: '路灯', since: '2026-03-02' })
  })
  it('takes the last day in', () => {
    const sent = parametersOf({ since: '2026-03-02', until: '2026-03-02' }, 20, null)
    expect(Date.parse(sent.get('until')!) - Date.parse(sent.get('since')!)).toBe(24 * 3600 * 1000)
  })
})
