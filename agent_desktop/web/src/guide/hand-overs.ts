/** Hand-overs to emergency services in words: which service, and after how many seconds each step came. */
import type { HandOverOut } from '@/generated/http'
import { pick, t, type Key } from '@/i18n'
import { guide } from './guide'

/** The service by the city's guide; its number where the guide knows it no more. */
export function serviceName(one: HandOverOut): string {
  const known = guide.value?.emergency.find((service) => service.code === one.service)
  return known ? pick(known) : one.number
}

/** The emergency service that was dialled by this number; null for any other. */
export function serviceAt(number: string): string | null {
  const known = guide.value?.emergency.find((service) => service.number === number)
  return known ? pick(known) : null
}

/** "Answered after 9 s, citizen connected after 20 s, handed over": the steps that came, and how it ended. */
export function stepsOf(one: HandOverOut): string {
  const steps: readonly (readonly [Key, number | null])[] = [
    ['emergency.reached', one.reached_at ? one.seconds : null],
    ['emergency.joined', one.joined_seconds],
    ['emergency.ended', one.ended_seconds],
  ]
  const told = steps
    .filter(([, seconds]) => seconds !== null)
    .map(([what, seconds]) => t('emergency.step', { what: t(what), seconds: Math.round(seconds!) }))
  return [...told, ...(one.outcome ? [t(`emergency.${one.outcome}` as Key)] : [])].join(t('list.comma'))
}
