/** Why a duty arose: the server's short sentence, in the reader's language. */
import { t, tMaybe } from '@/i18n'
import { word } from '@/tickets/act/choices'

export function reasonOf(why: string): string {
  const missed = /^(?<rate>\w+) (?<value>[\d.]+|—) < (?<mark>\d+)$/.exec(why)?.groups
  if (missed) {
    return t('assess.missed', { rate: tMaybe(`assess.${missed.rate}`, missed.rate ?? ''), value: missed.value ?? '', mark: missed.mark ?? '' })
  }
  return why === 'last place and task missed' ? t('assess.last_place') : word(why)
}
