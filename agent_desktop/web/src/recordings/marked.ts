/** A sentence in pieces: what was looked for, and what stands around it. */
export interface Piece {
  readonly text: string
  readonly hit: boolean
}

export function marked(text: string, words: string): readonly Piece[] {
  const groups = words.split(/\s+/).filter((group) => group !== '')
  if (groups.length === 0) return [{ text, hit: false }]
  const lower = text.toLowerCase()
  const pieces: Piece[] = []
  let at = 0
  while (at < text.length) {
    const hits = groups.map((group) => ({ place: lower.indexOf(group.toLowerCase(), at), size: group.length }))
    const next = hits.filter((hit) => hit.place >= 0).sort((a, b) => a.place - b.place || b.size - a.size)[0]
    if (!next) break
    if (next.place > at) pieces.push({ text: text.slice(at, next.place), hit: false })
    pieces.push({ text: text.slice(next.place, next.place + next.size), hit: true })
    at = next.place + next.size
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false })
  return pieces
}
