/** Says to assistive programs what an Element Plus cascader is: it sets `aria-expanded` on a plain text field. */
import type { ObjectDirective } from 'vue'

/** On an element around a cascader. */
export const vCombobox: ObjectDirective<HTMLElement> = {
  mounted(element) {
    const input = element.querySelector('.el-cascader input')
    input?.setAttribute('role', 'combobox')
    if (!input?.hasAttribute('aria-expanded')) input?.setAttribute('aria-expanded', 'false')
  },
}
