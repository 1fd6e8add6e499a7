import { describe, expect, it } from 'vitest'
import { chunkNames, needed } from '../scripts/first-load'

/** Who imports whom. */
const imports: Record<string, string[]> = {
  '/w/src/main.ts': ['/w/node_modules/vue/index.js', '/w/src/router.ts'],
  '/w/src/router.ts': [],
  '/w/src/pages/LoginPage.vue': ['/w/node_modules/button/index.js'],
  '/w/src/pages/CitizenPage.vue': ['/w/src/phone/ring.ts'],
  '/w/src/pages/ProgressPage.vue': [],
  '/w/src/shell/DeskShell.vue': ['/w/src/desk/desk.ts', '/w/node_modules/vue/index.js'],
  '/w/src/pages/DeskPage.vue': ['/w/src/desk/desk.ts', '/w/node_modules/tabs/index.js', '/w/node_modules/button/index.js'],
  '/w/src/desk/desk.ts': ['/w/src/phone/softphone.ts'],
  '/w/src/phone/softphone.ts': ['/w/node_modules/jssip/jssip.js', '/w/src/desk/desk.ts'],
}
const ask = (id: string) => ({ importedIds: imports[id] ?? [] })

describe('the first load', () => {
  it('follows imports, circles too', () => {
    expect([...needed(['/w/src/desk/desk.ts'], ask)].sort()).toEqual([
      '/w/node_modules/jssip/jssip.js',
      '/w/src/desk/desk.ts',
      '/w/src/phone/softphone.ts',
    ])
  })

  it('puts each module of the desk into one of four files and leaves the rest alone', () => {
    const name = chunkNames('/w')
    const of = (id: string) => name(id, { getModuleInfo: ask })
    expect(of('/w/src/shell/DeskShell.vue')).toBe('desk')
    expect(of('/w/node_modules/tabs/index.js')).toBe('parts')
    expect(of('/w/node_modules/button/index.js')).toBe('common')
    expect(of('/w/node_modules/vue/index.js')).toBe('common')
    expect(of('/w/node_modules/jssip/jssip.js')).toBe('telephone')
    expect(of('/w/src/main.ts')).toBeUndefined()
    expect(of('/w/src/pages/LoginPage.vue')).toBeUndefined()
    expect(of('/w/src/pages/TicketsPage.vue')).toBeUndefined()
  })
})
