/** The colour of a status tag: open work in indigo, trouble in ochre, finished work in grey. */
const TONES: Readonly<Record<string, string>> = {
  returned: 'ochre',
  overdue: 'vermilion',
  not_accepted: 'ochre',
  terminated: 'ochre',
}

export function statusTone(status: string, open: boolean): string {
  return TONES[status] ?? (open ? 'indigo' : '')
}
