/** Questions that stop a hand that was too quick. */
import { ElMessageBox } from 'element-plus/es/components/message-box/index.mjs'
import 'element-plus/es/components/message-box/style/css'
import { t } from '@/i18n'

/** The form holds something that is in no ticket: really go on? */
export async function confirmUnsaved(): Promise<boolean> {
  return ElMessageBox.confirm(t('form.unsaved_text'), t('form.unsaved_title'), {
    confirmButtonText: t('form.unsaved_go_on'),
    cancelButtonText: t('form.unsaved_back'),
    type: 'warning',
  }).then(
    () => true,
    () => false,
  )
}

/** Something cannot be undone: really do it? */
export async function confirmTwice(text: string, button: string): Promise<boolean> {
  return ElMessageBox.confirm(text, button, {
    confirmButtonText: button,
    cancelButtonText: t('ticket.cancel'),
    type: 'warning',
  }).then(
    () => true,
    () => false,
  )
}
