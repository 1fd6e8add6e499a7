// What is cut, lies on something else or is not translated on a page: a list of sentences.  Run by tests/kit/looks.py.
() => {
  /** Names of programs are the same in every language. */
  const NAMES = ['vosk']
  const found = []
  const style = (element) => getComputedStyle(element)
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const name = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')}`
    + ` «${element.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}»`
  // What is cut on purpose says so: .cut has its whole text elsewhere, .scrolls shows that there is more.
  const meant = (element) => element.closest('.cut, .visually-hidden, .skip, .scrolls, .el-scrollbar__wrap, .el-tabs__nav-scroll')
  const wide = document.documentElement.scrollWidth > window.innerWidth + 1
  if (wide) found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth}`)

  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg') || !seen(element) || meant(element)) continue
    const { display, overflowX, overflowY } = style(element)
    const box = element.getBoundingClientRect()
    if (display === 'inline' || box.width < 2 || box.height < 2) continue
    const text = ['INPUT', 'TEXTAREA'].includes(element.tagName)
    const across = element.scrollWidth > element.clientWidth + 1
    if (across && !text && overflowX !== 'visible') found.push(`cut at the side: ${name(element)}`)
    else if (across && !text && /^(BUTTON|LABEL|TH|H1|H2|H3|DT|KBD)$/.test(element.tagName)) found.push(`too long: ${name(element)}`)
    const down = element.scrollHeight > element.clientHeight + 3
    if (down && !text && ['hidden', 'clip'].includes(overflowY)) found.push(`cut below: ${name(element)}`)
    if (element.tagName === 'INPUT' && across && element.readOnly && element.value) found.push(`cut value: «${element.value}»`)
    if (element.tagName === 'INPUT' && element.placeholder && !element.value && wider(element)) {
      found.push(`cut hint: «${element.placeholder}»`)
    }
  }

  // Two things that can be pressed, one over the other.
  const layer = (element) => element.closest('.el-overlay, .el-popper, dialog, [role=dialog]')
  const top = [...document.querySelectorAll('.el-overlay')].filter(seen).at(-1)
  const pressed = [...document.querySelectorAll('a[href], button, input, textarea, [role=tab], [role=button]')]
    .filter((element) => seen(element) && !element.closest('.skip') && (!top || layer(element)))
    .map((element) => ({ element, box: visible(element) }))
    .filter(({ box }) => box.right - box.left > 4 && box.bottom - box.top > 4)
  for (const [at, one] of pressed.entries()) {
    for (const other of pressed.slice(at + 1)) {
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue
      if (layer(one.element) !== layer(other.element)) continue
      // The parts of one control may lie on each other: the button in a field, an input under its own picture.
      const control = one.element.closest('label, .el-input, .el-select, .el-cascader, .el-date-editor, .el-input-number')
      if (control && control.contains(other.element)) continue
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
      if (across > 2 && down > 2) {
        found.push(`one over the other: ${name(one.element)} and ${name(other.element)}`)
      }
    }
  }
  /** A hint in a field does not make the field scroll: its letters are measured. */
  function wider(field) {
    const { font, paddingLeft, paddingRight } = style(field)
    const pen = document.createElement('canvas').getContext('2d')
    pen.font = font
    return pen.measureText(field.placeholder).width > field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1
  }
  /** What is to be seen of it: the rest is scrolled out of sight.  Nothing, on a bar that the rest scrolls under. */
  function visible(element) {
    let { left, right, top, bottom } = element.getBoundingClientRect()
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (style(around).position === 'sticky') return { left, right: left, top, bottom: top }
      if (style(around).overflowY === 'visible') continue
      const frame = around.getBoundingClientRect()
      top = Math.max(top, frame.top)
      bottom = Math.min(bottom, frame.bottom)
    }
    return { left, right, top, bottom }
  }

  const prefixes = 'nav|form|state|error|calls|line|end|verb|matter|ticket|voicemail|survey|replay|office|talk|phone|field'
  const said = document.body.innerText
  for (const hit of said.matchAll(new RegExp(`\b(?:${prefixes})\.[a-z_]+\b`, 'g'))) found.push(`an untranslated key: ${hit[0]}`)
  for (const leaf of document.querySelectorAll('td, th, dd, dt, .tag, option, li > span, button, label, .el-select__placeholder')) {
    if (leaf.children.length > 0 || !seen(leaf) || leaf.closest('code, kbd, .code, [lang=en]')) continue
    const words = leaf.textContent.trim()
    if (/^[a-z]+(?:_[a-z]+)+$/.test(words)) found.push(`a code instead of words: ${words}`)
    const code = /^[a-z]{4,}$/.test(words) && !NAMES.includes(words)
    if (document.documentElement.lang.startsWith('zh') && code) found.push(`an English code: ${words}`)
    if (document.documentElement.lang.startsWith('zh') && /^(?:Select|No Data|Please select)$/.test(words)) found.push(`English: ${words}`)
  }
  return [...new Set(found)]
}
