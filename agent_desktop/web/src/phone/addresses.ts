/** Where the page finds the switch, and the switch the page. */

/** `ws(s)://` address of the desk's own SIP door. */
export function sipSocketUrl(path: string, at: Pick<Location, 'protocol' | 'host'>): string {
  return `${at.protocol === 'https:' ? 'wss' : 'ws'}://${at.host}${path}`
}

/**
 * Where the switch reaches this page.  The user part is the extension: the desk lets a page speak for its own
 * extension only, and later requests inside of an incoming call speak as this address.
 */
export function contactUri(account: string): string {
  const user = /^sip:([^@]+)@/.exec(account)?.[1] ?? ''
  const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36).padStart(2, '0'))
  return `sip:${user}@${page.join('')}.invalid;transport=ws`
}
