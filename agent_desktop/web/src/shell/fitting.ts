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
  let widths: number[] = []

  function fit(): void {
    if (bar.value && widths.length > 0) count.value = fitting(widths, bar.value.clientWidth, more())
  }
  /** Everything is shown for the moment of measuring, before the browser paints. */
  async function measure(): Promise<void> {
    count.value = Number.POSITIVE_INFINITY
    await nextTick()
    widths = [...(bar.value?.querySelectorAll<HTMLElement>('[data-entry]') ?? [])].map((entry) => entry.offsetWidth)
    fit()
  }

  const observer = new ResizeObserver(fit)
  onMounted(() => {
    if (bar.value) observer.observe(bar.value)
    void measure()
    // Letters get their widths from the font.
    void document.fonts?.ready.then(measure)
  })
  onBeforeUnmount(() => observer.disconnect())
  watch(changed, measure)
  return count
}
