/** The city's guide through a call (`form.toml`), read once. */
import type { CascaderOption } from 'element-plus'
import { computed, shallowRef } from 'vue'
import { api } from '@/api/http'
import type { Branch, FormGuide, GuideAnswer } from '@/generated/http'
import { pick } from '@/i18n'
import { KINDS, type Kind, type TicketFields } from '@/tickets/fields'

const answer = shallowRef<GuideAnswer | null>(null)
let asked: Promise<void> | null = null

/** Reads the guide; a failed try is repeated at the next call. */
export function needGuide(): Promise<void> {
  asked ??= api<GuideAnswer>('/form-guide')
    .then((found) => void (answer.value = found))
    .catch(() => void (asked = null))
  return asked
}

export const guide = computed<FormGuide | null>(() => answer.value?.guide ?? null)
/** What the caller is asked for, in the regulation's words. */
export const ask = computed(() => answer.value?.ask ?? [])
/** The kinds of request this city knows, in the program's order. */
export const kinds = computed<readonly Kind[]>(() => {
  const known = answer.value?.kinds
  return known ? KINDS.filter((kind) => known.includes(kind)) : KINDS
})

/** The fields without which the city registers no ticket of this kind. */
export function requiredFor(kind: Kind): readonly (keyof TicketFields)[] | null {
  const rules = guide.value?.required
  if (!rules) return null
  const named = rules.filter((rule) => rule.kinds.length === 0 || rule.kinds.includes(kind)).flatMap((rule) => rule.fields)
  return [...new Set(named)]
}

/** Whether the form asks callers of this kind for an identity document. */
export function asksIdentity(kind: Kind): boolean {
  return guide.value?.identity_kinds.includes(kind) === true || requiredFor(kind)?.includes('caller_identity') === true
}

/** A tree of the guide as a cascader takes it. */
export function nodes(branches: readonly Branch[]): CascaderOption[] {
  return branches.map((branch) => {
    const node: CascaderOption = { value: branch.code, label: pick(branch) }
    if (branch.children.length > 0) node.children = nodes(branch.children)
    return node
  })
}

function path(branches: readonly Branch[], code: string): readonly Branch[] {
  for (const branch of branches) {
    if (branch.code === code) return [branch]
    const below = path(branch.children, code)
    if (below.length > 0) return [branch, ...below]
  }
  return []
}

/** How a call turned out, with everything above it: `No matter › Silent`. */
export function dispositionName(code: string | null | undefined): string {
  if (!code) return ''
  return path(guide.value?.dispositions ?? [], code).map(pick).join(' › ') || code
}

/** The written form of a place in the tree (places are written in Chinese whatever the interface speaks). */
export function placeText(code: string): string {
  return path(guide.value?.places ?? [], code)
    .map((branch) => branch.zh)
    .join('')
}

/** The deepest place of the tree that a written address begins with; '' when it begins with none. */
export function placeCode(text: string): string {
  let level = guide.value?.places ?? []
  let rest = text.trim()
  let code = ''
  for (;;) {
    const found = level.find((branch) => rest.startsWith(branch.zh))
    if (!found) return code
    code = found.code
    rest = rest.slice(found.zh.length).trim()
    level = found.children
  }
}

/** An address moved to another place of the tree: what stood behind the old place stays. */
export function movedTo(text: string, code: string): string {
  const old = placeText(placeCode(text))
  return placeText(code) + text.trim().slice(old.length)
}

/** Phrases in a text that are never said to a citizen. */
export function forbiddenIn(text: string): readonly { readonly phrase: string; readonly instead: string }[] {
  return (guide.value?.forbidden ?? []).filter((one) => text.includes(one.phrase))
}
