/** Says to assistive programs what an Element Plus cascader is: it sets `aria-expanded` on a plain text field. */
import type { ObjectDirective } from 'vue'

function describe(element: HTMLElement, name: string | undefined): void {
  const input = element.querySelector('.el-cascader input')
  input?.setAttribute('role', 'combobox')
  if (!input?.hasAttribute('aria-expanded')) input?.setAttribute('aria-expanded', 'false')
  if (name) input?.setAttribute('aria-label', name)
}

/** On an element around a cascader; the value is its name, where no label of a form names it. */
export const vCombobox: ObjectDirective<HTMLElement, string | undefined> = {
  mounted: (element, { value }) => describe(element, value),
  updated: (element, { value }) => describe(element, value),
}
