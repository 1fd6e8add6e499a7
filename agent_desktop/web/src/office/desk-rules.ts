/** The numbers among the desk's rules, with the bounds that the server keeps (agent_desktop/working_rules.py). */
export const LIMITS = [
  { name: 'wrap_up_seconds', min: 0, max: 900 },
  { name: 'missed_calls_limit', min: 0, max: 100 },
  { name: 'queue_longest_wait_seconds', min: 10, max: 86400 },
  { name: 'longest_hold_seconds', min: 10, max: 3600 },
  { name: 'lost_call_seconds', min: 5, max: 300 },
  { name: 'screen_grace_seconds', min: 1, max: 60 },
  { name: 'voicemail_limit_minutes', min: 1, max: 10080 },
  { name: 'caller_identity_days', min: 1, max: 36500 },
  { name: 'service_seconds', min: 1, max: 600 },
  { name: 'short_abandon_seconds', min: 0, max: 120 },
  { name: 'floor_waiting_yellow', min: 1, max: 10000 },
  { name: 'floor_waiting_red', min: 1, max: 10000 },
  { name: 'floor_wait_yellow_seconds', min: 1, max: 86400 },
  { name: 'floor_wait_red_seconds', min: 1, max: 86400 },
  { name: 'floor_level_yellow', min: 1, max: 99 },
  { name: 'floor_level_red', min: 1, max: 99 },
] as const

export type DeskRules = { wrap_up_mode: string; service_formula: string } & Record<(typeof LIMITS)[number]['name'], number>
