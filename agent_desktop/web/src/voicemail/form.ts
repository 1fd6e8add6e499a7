/** The ticket form of a voice message. */
import { api } from '@/api/http'
import type { Draft, DraftAnswer } from '@/api/types'
import { account } from '@/desk/account'
import { TicketForm } from '@/desk/form'
import type { VoicemailDetail } from '@/generated/http'
import type { TicketFields } from '@/tickets/fields'

/** A form that is not stored while it is typed: drafts belong to an agent's place, and not every clerk has one. */
class PlainForm extends TicketForm {
  override changed(field: keyof TicketFields): void {
    delete this.state.problems[field]
  }
}

/** The form filled with what was said; what this clerk typed before goes first. */
export async function formOfVoicemail(detail: VoicemailDetail): Promise<TicketForm> {
  const contact = detail.voicemail.contact_id
  if (!account.me?.agent) return new PlainForm(contact, detail.prefill, null)
  const draft: Draft | null = await api<DraftAnswer>(`/drafts/${contact}`)
    .then((answer) => answer.draft)
    .catch(() => null)
  return new TicketForm(contact, detail.prefill, draft)
}
