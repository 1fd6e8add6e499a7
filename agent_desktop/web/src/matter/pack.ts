/** The regulation in force: read once, cited by article. */
import { shallowRef } from 'vue'
import { api } from '@/api/http'
import type { RulePack, Rules, RuleValue } from '@/api/matter'
import { locale } from '@/i18n'

const pack = shallowRef<RulePack | null>(null)
let asked: Promise<void> | null = null

export const rulePack = pack

/** Reads the regulation; a failed try is repeated at the next call. */
export function needPack(): Promise<void> {
  asked ??= api<{ pack: RulePack }>('/rulepack')
    .then((found) => void (pack.value = found.pack))
    .catch(() => void (asked = null))
  return asked
}

/** The rules of the version a ticket keeps; the newest where that version is gone. */
export function rulesOf(version: string): Rules {
  const versions = pack.value?.versions ?? []
  return (versions.find((one) => one.id === version) ?? versions.at(-1))?.rules ?? {}
}

/** A table of a rule, or nothing where the regulation is silent. */
export function topic(rules: Rules, name: string): Readonly<Record<string, RuleValue>> {
  const found = rules[name]
  return found !== null && typeof found === 'object' && !Array.isArray(found)
    ? (found as Readonly<Record<string, RuleValue>>)
    : {}
}

/** The tables of a topic that may stand several times. */
export function topics(rules: Rules, name: string): readonly Readonly<Record<string, RuleValue>>[] {
  const found = rules[name]
  return Array.isArray(found) ? (found as Readonly<Record<string, RuleValue>>[]) : []
}

export function texts(value: RuleValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** `demo:7(1)` as people cite it: the document's title and the article.  Several are joined. */
export function cite(source: string | readonly string[] | null | undefined): string {
  const references = typeof source === 'string' ? source.split('; ') : (source ?? [])
  return references.map(citeOne).join(locale.value === 'zh' ? '；' : '; ')
}

function citeOne(reference: string): string {
  const hit = /^([\w-]+):(.+)$/.exec(reference)
  const document = hit && pack.value?.sources.find((one) => one.id === hit[1])
  if (!hit || !document) return reference
  const place = hit[2]!
  if (!/^\d/.test(place)) return `《${document.title}》${place}`
  const parts = /^(\d+)(.*)$/.exec(place)!
  return locale.value === 'zh'
    ? `《${document.title}》第${parts[1]}条${parts[2]}`
    : `《${document.title}》 art. ${parts[1]}${parts[2]}`
}
