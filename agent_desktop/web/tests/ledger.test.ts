import { describe, expect, it } from 'vitest'
import { lineSays } from '@/matter/details'

describe('what a line of a ledger says', () => {
  it('names the thing that was seen or changed, in words', () => {
    expect(lineSays('access', { how: 'caller_identity' })).toBe('来电人证件')
    expect(lineSays('access', { what: 'caller_identity' })).toBe('来电人证件')
  })
  it('keeps quiet about what it has no words for', () => {
    expect(lineSays('access', { how: 'a_code_of_ours' })).toBe('')
  })
})
