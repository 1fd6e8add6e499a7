/** Dates, durations and numbers as people here read them. */
import { languageTag, t } from './index'

/** `m:ss`, or `h:mm:ss` from an hour on; never negative. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, '0')
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}

export function time(iso: string): string {
  return new Intl.DateTimeFormat(languageTag.value, { hour: '2-digit', minute: '2-digit', hour12: false }).format(
    new Date(iso),
  )
}

export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(languageTag.value, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(iso))
}

/** Today as a time, earlier as month and day with the time. */
export function when(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  if (at.toDateString() === now.toDateString()) return time(iso)
  const sameYear = at.getFullYear() === now.getFullYear()
  return new Intl.DateTimeFormat(languageTag.value, {
    ...(sameYear ? {} : { year: 'numeric' }),
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at)
}

/** A length of time in words short enough for a table cell; '—' when unknown. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '—'
  const whole = Math.round(seconds)
  if (whole < 60) return t('unit.seconds', { n: whole })
  return t('unit.minutes', { m: Math.floor(whole / 60), s: whole % 60 })
}

/** `138 0013 8000`, `0531-8888 6666`: digits in groups the eye can hold; other numbers unchanged. */
export function grouped(shown: string): string {
  const mobile = /^(1\d{2})(\d{4})(\d{4})$/.exec(shown)
  return mobile ? `${mobile[1]} ${mobile[2]} ${mobile[3]}` : shown
}
