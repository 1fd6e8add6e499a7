/** Light or dark: what the system prefers, until the person chooses. */
import { ref } from 'vue'

const STORED = 'hotline.theme'
export const dark = ref(false)

function apply(on: boolean): void {
  dark.value = on
  document.documentElement.classList.toggle('dark', on)
}

export function startTheme(): void {
  let stored: string | null = null
  try {
    stored = localStorage.getItem(STORED)
  } catch {
    // Private windows may refuse storage.
  }
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  apply(stored ? stored === 'dark' : system.matches)
  system.addEventListener('change', (event) => {
    if (!stored) apply(event.matches)
  })
}

export function toggleTheme(): void {
  apply(!dark.value)
  try {
    localStorage.setItem(STORED, dark.value ? 'dark' : 'light')
  } catch {
    // The choice then lasts as long as the page.
  }
}
