/** Files pasted anywhere on the page go to the place for them that was opened last. */
import { onBeforeUnmount, onMounted } from 'vue'

type Taker = (files: File[]) => void

const takers: Taker[] = []

function onPaste(event: ClipboardEvent): void {
  const files = [...(event.clipboardData?.files ?? [])]
  const taker = takers.at(-1)
  if (files.length === 0 || !taker) return
  event.preventDefault()
  taker(files)
}

export function takePasted(taker: Taker): void {
  onMounted(() => {
    if (takers.length === 0) document.addEventListener('paste', onPaste)
    takers.push(taker)
  })
  onBeforeUnmount(() => {
    takers.splice(takers.indexOf(taker), 1)
    if (takers.length === 0) document.removeEventListener('paste', onPaste)
  })
}
