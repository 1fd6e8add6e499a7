/** Short messages at the top of the page. */
import { ElMessage } from 'element-plus/es/components/message/index.mjs'
import 'element-plus/es/components/message/style/css'
import { errorIdOf } from '@/api/http'
import { t, tMaybe } from '@/i18n'

export function errorText(id: string): string {
  return tMaybe(`error.${id}`, t('error.internal'))
}

/** Says what went wrong, in the person's language. */
export function sayError(error: unknown): void {
  ElMessage({ type: 'error', message: errorText(errorIdOf(error)), grouping: true, showClose: true, duration: 5000 })
}

export function sayDone(text: string): void {
  ElMessage({ type: 'success', message: text, grouping: true })
}

/** Runs an action of the person; a refusal is shown, never lost. */
export async function attempt(action: () => unknown): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    sayError(error)
    return false
  }
}
