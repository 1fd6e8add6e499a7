/**
 * Few files for the first load.
 *
 * Left alone, the bundler makes a file of everything that two pages share: the desk then asked for more than sixty
 * files before it showed anything.  Here what the desk needs is four scripts and their styles, what the pages before a
 * log-in need of them is one of the four, and every other page stays a file of its own.  Browsers ask for six files at
 * a time over HTTP/1.1, and each of them is a request to a server that has calls to attend to.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import type { ComponentResolver } from 'unplugin-vue-components/types'
import type { Plugin } from 'vite'

/** The smallest part of the bundler's view of a module that is needed here. */
export interface Known {
  readonly importedIds: readonly string[]
}
type Ask = (id: string) => Known | null

const ENTRY = '/src/main.ts'
const DESK = ['/src/shell/DeskShell.vue', '/src/pages/DeskPage.vue']
/** What a citizen opens, and whoever is not logged in yet: they must not load the desk. */
const BEFORE = ['/src/pages/LoginPage.vue', '/src/pages/CitizenPage.vue', '/src/pages/ProgressPage.vue']

/** Everything that runs before these modules do: what they import, and so on.  Pages loaded later are not in it. */
export function needed(roots: readonly string[], ask: Ask): Set<string> {
  const found = new Set<string>()
  const waiting = [...roots]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue
    found.add(id)
    waiting.push(...(ask(id)?.importedIds ?? []))
  }
  return found
}

/** Names the file of each module; undefined leaves it to the bundler. */
export function chunkNames(root: string): (id: string, meta: { getModuleInfo: Ask }) => string | undefined {
  let sets: Record<'before' | 'desk', Set<string>> | undefined
  return (id, { getModuleInfo }) => {
    const under = (paths: readonly string[]): Set<string> => needed(paths.map((path) => root + path), getModuleInfo)
    sets ??= { before: under([ENTRY, ...BEFORE]), desk: under(DESK) }
    if (id === root + ENTRY || !sets.desk.has(id)) return undefined
    if (id.includes('/node_modules/jssip/') || id.includes('/src/phone/')) return 'telephone'
    if (sets.before.has(id)) return 'common'
    return id.includes('/node_modules/') ? 'parts' : 'desk'
  }
}

/** Parts whose folder is not called like their beginning. */
const ELSEWHERE: Readonly<Record<string, string>> = { option: 'select', 'option-group': 'select', 'tab-pane': 'tabs' }

/** Each component from its own file.  The library's list of all of them would make every page need every component. */
export function eachFromItsFile(root: string): ComponentResolver[] {
  const folder = join(root, 'node_modules/element-plus/es/components')
  const place = (name: string): string => {
    const words = name.replace(/^El/, '').replace(/\B[A-Z]/g, '-$&').toLowerCase().split('-')
    for (let length = words.length; length > 0; length--) {
      const own = words.slice(0, length).join('-')
      if (existsSync(join(folder, own, 'index.mjs'))) return own
    }
    const elsewhere = ELSEWHERE[words.join('-')]
    if (elsewhere) return elsewhere
    throw new Error(`${name} is in no folder of element-plus`)
  }
  return [ElementPlusResolver({ importStyle: 'css' })].flat().map((resolver) => {
    if (typeof resolver === 'function') return resolver
    if (resolver.type !== 'component') return resolver
    return {
      type: 'component' as const,
      resolve: async (name: string) => {
        const found = await resolver.resolve(name)
        if (!found || typeof found === 'string' || found.from !== 'element-plus/es') return found
        return { ...found, from: `element-plus/es/components/${place(found.name ?? name)}/index.mjs` }
      },
    }
  })
}

export function firstLoad(root: string): Plugin {
  return {
    name: 'first-load',
    config: () => ({ build: { rollupOptions: { output: { manualChunks: chunkNames(root) } } } }),
  }
}
