/** The English texts of what ticket lists are narrowed by. */
import type { zhFilter } from './zh_filter'

export const enFilter: Readonly<Record<keyof typeof zhFilter, string>> = {
  'filter.more': 'More filters',
  'filter.any': 'Any',
  'filter.any_light': 'Any light',
  'filter.assisting': 'Assisting unit',
  'filter.urgency': 'Urgency',
  'filter.ordinary': 'Ordinary',
  'filter.urgent': 'Urgent',
  'filter.major': 'Major',
  'filter.emergency': 'Emergency',
  'filter.overdue': 'Ever overdue',
  'filter.overdue_true': 'yes',
  'filter.overdue_false': 'never',
  'filter.evaluated': 'Evaluation',
  'filter.evaluated_true': 'evaluated',
  'filter.evaluated_false': 'not evaluated',
  'filter.accepted': 'Registered',
  'filter.due': 'Due',
  'filter.closed': 'Closed',
  'filter.from': 'from',
  'filter.to': 'to',
  'filter.take_off': 'Take off: {what}',
}
