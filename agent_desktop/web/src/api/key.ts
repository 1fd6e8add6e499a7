/** A key for one thing that is made.  `randomUUID` exists only on secure pages; a desk on plain HTTP in a LAN is not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
