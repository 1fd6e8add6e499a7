import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'
import { CALL, LINE } from '@/phone/machine'
import { KINDS } from '@/tickets/fields'
import { SHORTCUTS } from '@/shell/keys'

const SRC = join(__dirname, '../src')

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf-8'))
}

const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((hit) => hit[0]).sort()

describe('the texts', () => {
  it('are the same keys in both languages, with the same places to fill in', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(places(en[key]), key).toEqual(places(zh[key]))
  })
  it('have each key in one file only: the last would silently win', () => {
    for (const language of ['zh', 'en']) {
      const files = readdirSync(join(SRC, 'i18n')).filter((name) => name.startsWith(language))
      const keys = files.flatMap((name) =>
        [...readFileSync(join(SRC, 'i18n', name), 'utf-8').matchAll(/^ {2}'([\w.-]+)':/gm)].map((hit) => hit[1]!),
      )
      expect(keys.length).toBeGreaterThan(100)
      expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
    }
  })
  it('are really in their language', () => {
    for (const [key, text] of Object.entries(en)) expect(/[\u4e00-\u9fff]/.test(text), key).toBe(false)
    const words = (text: string): string => text.replace(/\{\w+\}/g, '').replace(/[^\p{L}]/gu, '')
    const withoutHan = Object.entries(zh).filter(([, text]) => words(text) !== '' && !/[\u4e00-\u9fff]/.test(text))
    expect(withoutHan).toEqual([])
  })
  it('cover every state that is looked up by name', () => {
    const wanted = [
      ...CALL.flatMap((row) => [...row.from, row.to]).map((state) => `citizen.${state}`),
      ...LINE.flatMap((row) => [...row.from, row.to]).map((state) => `line.${state}`),
      ...KINDS.map(() => 'form.kind'),
      ...SHORTCUTS.map((row) => row.label),
    ]
    expect(wanted.filter((key) => !(key in zh))).toEqual([])
  })
  it('are all used somewhere', () => {
    const code = sources(SRC).join('\n')
    // Families whose last part comes from data: looked up as `t(`family.${code}`)`.
    const families = [...code.matchAll(/\bt(?:Maybe)?\(\s*`([\w.]+\.)\$\{/g)].map((hit) => hit[1]!)
    const own = [...readFileSync(join(SRC, 'i18n/zh.ts'), 'utf-8').matchAll(/^ {2}'([\w.-]+)':/gm)].map((hit) => hit[1]!)
    const unused = own.filter((key) => code.split(`'${key}'`).length < 4)
    expect(unused.filter((key) => !families.some((family) => key.startsWith(family)))).toEqual([])
  })
  it('stand in the language files only', () => {
    const allowed = /language|中文|《/ // the name of the other language; the brackets of a regulation's title
    for (const text of sources(SRC)) {
      if (/export const (zh|en)|typeof zh/.test(text)) continue
      for (const line of text.split('\n'))
        if (/[\u4e00-\u9fff]/.test(line) && !allowed.test(line)) expect.fail(`Chinese text outside of zh.ts: ${line}`)
    }
  })
})
