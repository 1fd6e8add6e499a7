/** The English texts of other programs' tokens. */
import type { zhToken } from './zh_token'

export const enToken: Readonly<Record<keyof typeof zhToken, string>> = {
  'office.tab.tokens': 'Tokens',
  'token.hint': 'Websites, apps and mailboxes hand matters in with a token, without a log-in; the token says by whom and by which way. Each use is on record.',
  'token.name': 'Program',
  'token.life': 'Good for',
  'token.days': '{n} days',
  'token.per_minute': 'Requests a minute',
  'token.rights': 'Rights',
  'right.tickets.create': 'hand matters in',
  'right.tickets.read_own': 'ask after its own',
  'token.make': 'Make a token',
  'token.once': 'The token is shown this once. Put it into the other program now.',
  'token.none': 'No tokens yet.',
  'token.until': 'Until',
  'token.used': 'Last used',
  'token.made_by': 'Made by',
  'token.valid': 'valid',
  'token.expired': 'run out',
  'token.revoked': 'revoked',
  'token.revoke': 'Revoke',
  'token.revoke_text': '“{name}” can hand in nothing from now on, for good.',
  'error.bad_token': 'The token is not known.',
  'error.token_throttled': 'The token was used too often.',
  'error.token_refused': 'A token cannot be made like this.',
}
