/** How many entries of a bar fit into one line; the rest goes under “more”. */
import { nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

/** How many of these widths stand side by side in `space`, when the others need `more` for their button. */
export function fitting(widths: readonly number[], space: number, more: number): number {
  const all = widths.reduce((sum, width) => sum + width, 0)
  if (all <= space) return widths.length
  let used = more
  let count = 0
  for (const width of widths) {
    used += width
    if (used > space) break
    count++
  }
  return count
}

/** The number of `bar`'s children marked `data-entry` that fit; measured again when `changed` tells other texts. */
export function useFitting(bar: Ref<HTMLElement | null>, changed: () => unknown, more: () => number): Ref<number> {
  const count = ref(Number.POSITIVE_INFINITY)
  let entries: HTMLElement[] = []
  let widths: number[] = []

  /** An entry grows when something comes into it, a badge say; one that is hidden keeps the width it had. */
  function fit(): void {
    if (!bar.value || entries.length === 0) return
    widths = entries.map((entry, at) => entry.offsetWidth || (widths[at] ?? 0))
    count.value = fitting(widths, bar.value.clientWidth, more())
  }
  /** Everything is shown for the moment of measuring, before the browser paints. */
  async function measure(): Promise<void> {
    count.value = Number.POSITIVE_INFINITY
    await nextTick()
    entries = [...(bar.value?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])]
    widths = []
    fit()
    for (const entry of entries) grown.observe(entry)
  }

  const observer = new ResizeObserver(fit)
  /** In the next frame: showing and hiding entries within the observer of entries would make it go round. */
  const grown = new ResizeObserver(() => requestAnimationFrame(fit))
  onMounted(() => {
    if (bar.value) observer.observe(bar.value)
    void measure()
    // Letters get their widths from the font.
    void document.fonts?.ready.then(measure)
  })
  onBeforeUnmount(() => [observer, grown].forEach((one) => one.disconnect()))
  watch(changed, measure)
  return count
}
