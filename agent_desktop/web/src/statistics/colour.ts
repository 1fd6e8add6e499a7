/** A colour (or font) of the present theme, for charts: they do not know CSS variables. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
