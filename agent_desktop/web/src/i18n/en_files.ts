/** The English texts of tickets' files. */
import type { zhFiles } from './zh_files'

export const enFiles: Readonly<Record<keyof typeof zhFiles, string>> = {
  'file.title': 'Files',
  'file.choose': 'Choose files',
  'file.hint': 'Drop them here, or paste with Ctrl+V: pictures, PDF, Word, Excel, text, sound, video; {size} each at most',
  'file.pasted': 'Pasted picture',
  'file.waiting': 'Waiting',
  'file.again': 'Send {name} again',
  'file.drop': 'Remove {name}',
  'file.added': 'Added',
  'file.sent': 'Files sent: {count}',
  'file.left_out': '{number} is registered, but a file could not be sent. Add it on the ticket’s page.',
  'file.none': 'No files',
  'file.open': 'Open {name}',
  'file.save': 'Download {name}',
  'file.download': 'Download',
  'file.unsent': 'A file could not be sent. Try again, or remove it first.',
  'need.attachments': 'Files',
  'verb.attach': 'add a file',
  'error.type_refused': 'Files of this type are not taken.',
  'error.attachment_lost': 'The file is lost or was changed and cannot be opened.',
  'error.storage_full': 'There is no room left, and the file was not stored; nothing else was lost.',
  'error.storage_away': 'The file store cannot be reached at the moment. Try again later.',
}
