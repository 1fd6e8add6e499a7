/** Chinese by default, English by a switch.  A key missing in either language does not compile. */
import { computed, ref } from 'vue'
import { en } from './en'
import { zh } from './zh'

export type Locale = 'zh' | 'en'
export type Key = keyof typeof zh
export type Params = Readonly<Record<string, string | number>>

const STORED = 'hotline.locale'
const TEXTS: Readonly<Record<Locale, Readonly<Record<Key, string>>>> = { zh, en }

function stored(): Locale {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

export const locale = ref<Locale>(stored())
export const languageTag = computed(() => (locale.value === 'zh' ? 'zh-CN' : 'en'))

export function setLocale(next: Locale): void {
  locale.value = next
  try {
    localStorage.setItem(STORED, next)
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
}

/** The text in the chosen language, `{name}` places filled from `params`. */
export function t(key: Key, params: Params = {}): string {
  return fill(TEXTS[locale.value][key], params)
}

/** Like `t` for keys made at run time (`error.` + id); falls back when there is no such text. */
export function tMaybe(key: string, fallback: string, params: Params = {}): string {
  const texts: Readonly<Record<string, string>> = TEXTS[locale.value]
  return fill(texts[key] ?? fallback, params)
}

/** One of two texts that come as data (`{ zh, en }`). */
export function pick(texts: { readonly zh: string; readonly en: string }): string {
  return texts[locale.value] || texts.zh
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}
