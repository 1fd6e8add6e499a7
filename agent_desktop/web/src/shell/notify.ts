/** Short messages at the top of the page. */
import { ElMessage } from 'element-plus/es/components/message/index.mjs'
import 'element-plus/es/components/message/style/css'
import { ApiError, errorIdOf } from '@/api/http'
import { t, tMaybe } from '@/i18n'

export function errorText(id: string): string {
  return tMaybe(`error.${id}`, t('error.internal'))
}

/** The sentence for an error; some say their reason, which then has a sentence of its own. */
function sentence(error: unknown): string {
  const id = errorIdOf(error)
  const reason = error instanceof ApiError ? String(error.problem.detail.reason ?? '') : ''
  return tMaybe(`error.${id}.${reason}`, errorText(id))
}

/** Says what went wrong, in the person's language. */
export function sayError(error: unknown): void {
  ElMessage({ type: 'error', message: sentence(error), grouping: true, showClose: true, duration: 5000 })
}

/** A ticket is there, and not all of its files are. */
export function sayUnsent(number: string): void {
  ElMessage({ type: 'warning', message: t('file.left_out', { number }), showClose: true, duration: 8000 })
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
