import { describe, expect, it } from 'vitest'
import { fitting } from '../src/shell/fitting'

describe('the pages in the bar', () => {
  it('all stand there when there is room', () => {
    expect(fitting([50, 60, 70], 180, 40)).toBe(3)
    expect(fitting([], 0, 40)).toBe(0)
  })

  it('leave room for the button under which the others are', () => {
    expect(fitting([50, 60, 70], 179, 40)).toBe(2)
    expect(fitting([50, 60, 70], 149, 40)).toBe(1)
  })

  it('may all be under the button', () => {
    expect(fitting([50, 60], 80, 40)).toBe(0)
  })
})
