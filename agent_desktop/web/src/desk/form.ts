/**
 * The ticket form of the current call.  It lives outside of the page, so that looking something up on another
 * page and coming back loses nothing; and each call has its own, so that two calls never mix.
 */
import { reactive, shallowRef } from 'vue'
import { api, ApiError } from '@/api/http'
import { newKey } from '@/api/key'
import { Uploads } from '@/attachments/uploads'
import type { Card, Draft, DraftAnswer, Ticket, TicketAnswer } from '@/api/types'
import { DraftSync, type DraftBody, type DraftState, type SaveOutcome } from '@/tickets/draft'
import { requiredFor } from '@/guide/guide'
import { emptyFields, fieldsFrom, missingIn, problemsOf, textsFrom, type FieldProblems, type TicketFields } from '@/tickets/fields'

/** An earlier ticket about the same matter, by its id and the number people read. */
export interface LinkedTicket {
  readonly ticket_id: string
  readonly number: string
}

export interface FormState {
  fields: TicketFields
  /** The demands in it, where there are several. */
  items: string[]
  linked: LinkedTicket | null
  draft: DraftState
  problems: FieldProblems
  saving: boolean
  /** The registered ticket, once there is one. */
  saved: Ticket | null
  /** What was said went into a ticket that was there before. */
  added: boolean
  /** Stable id of what went wrong with the last save, '' when nothing did. */
  error: string
}

export class TicketForm {
  readonly state: FormState
  /** Files that go with the ticket. */
  readonly files = new Uploads()
  private key: string
  private sync: DraftSync

  constructor(
    readonly contactId: string,
    prefill: Partial<TicketFields>,
    draft: Draft | null,
  ) {
    const body = draft?.body ?? {}
    this.key = typeof body.key === 'string' ? body.key : newKey()
    this.state = reactive<FormState>({
      fields: { ...emptyFields(), ...prefill, ...fieldsFrom(body) },
      items: textsFrom(body.items),
      linked: linkedFrom(body.linked),
      draft: draft ? 'saved' : 'clean',
      problems: {},
      saving: false,
      saved: null,
      added: false,
      error: '',
    })
    this.sync = this.newSync(draft?.version ?? 0)
  }

  /** Something was typed or chosen. */
  changed(field: keyof TicketFields): void {
    delete this.state.problems[field]
    this.sync.change(this.body())
  }

  /** The demands have changed. */
  setItems(items: string[]): void {
    this.state.items = items
    this.sync.change(this.body())
  }

  /** The same matter as an earlier ticket; null: not any more. */
  link(ticket: LinkedTicket | null): void {
    this.state.linked = ticket && { ticket_id: ticket.ticket_id, number: ticket.number }
    this.sync.change(this.body())
  }

  /** Takes over a suggested value. */
  take(field: 'category' | 'place', value: string): void {
    this.state.fields[field] = value
    this.changed(field)
  }

  /** Puts a text behind what stands in the form already. */
  append(text: string): void {
    const before = this.state.fields.text.trimEnd()
    this.state.fields.text = before ? `${before}\n${text}` : text
    this.changed('text')
  }

  /** Adds what was written to a ticket that is there, instead of writing a second one. */
  async addTo(ticketId: string): Promise<boolean> {
    const { title, text } = this.state.fields
    const said = [title, text, ...this.state.items].filter((part) => part.trim()).join('\n')
    if (this.state.saving || this.state.saved) return false
    if (!said) {
      this.state.problems = { text: 'missing' }
      return false
    }
    this.state.saving = true
    try {
      await this.sync.flush()
      const answer = await api<TicketAnswer>(`/calls/${this.contactId}/additions`, {
        method: 'POST',
        headers: { 'Idempotency-Key': this.key },
        body: { ticket_id: ticketId, text: said },
      })
      this.sync.close()
      this.state.added = true
      this.state.saved = answer.ticket
      return true
    } finally {
      this.state.saving = false
    }
  }

  async flush(last = false): Promise<void> {
    await this.sync.flush(last)
  }

  /** Takes over a draft that is newer than what stands here (typed in another tab). */
  adopt(draft: Draft): void {
    if (this.state.draft !== 'clean' && this.state.draft !== 'saved') return
    this.show(draft.body)
    this.sync.close()
    this.sync = this.newSync(draft.version)
  }

  /** The card came in two parts: fills in the name found meanwhile, unless one was typed. */
  learnName(name: string | null): void {
    if (name && this.state.draft === 'clean' && this.state.fields.caller_name === '') this.state.fields.caller_name = name
  }

  /** Registers the ticket; true when it is registered.  Pressing twice registers one. */
  async save(): Promise<boolean> {
    if (this.state.saving || this.state.saved) return false
    this.state.problems = missingIn(this.state.fields, requiredFor(this.state.fields.kind) ?? undefined)
    this.state.error = ''
    if (Object.keys(this.state.problems).length > 0) return false
    this.state.saving = true
    try {
      await this.sync.flush()
      const answer = await api<TicketAnswer>('/tickets', {
        method: 'POST',
        headers: { 'Idempotency-Key': this.key },
        body: {
          ...this.state.fields,
          contact_id: this.contactId,
          items: this.state.items.filter((item) => item.trim()),
          same_matter_as: this.state.linked?.ticket_id ?? null,
        },
      })
      this.sync.close()
      this.state.saved = answer.ticket
      return true
    } catch (error) {
      this.refused(error)
      return false
    } finally {
      this.state.saving = false
    }
  }

  /** A second matter of the same citizen in the same call: who and where stay, the matter is new. */
  startAnother(): void {
    const { caller_name, caller_number } = this.state.fields
    this.files.clear()
    Object.assign(this.state, { saved: null, added: false, problems: {}, error: '', draft: 'clean', items: [], linked: null })
    Object.assign(this.state.fields, emptyFields(), { caller_name, caller_number })
    this.key = newKey()
    this.sync.close()
    this.sync = this.newSync(0)
  }

  /** Is there something typed that is in no ticket? */
  get unsaved(): boolean {
    return this.state.saved === null && (this.state.fields.title.trim() !== '' || this.state.fields.text.trim() !== '')
  }

  close(): void {
    void this.sync.flush(true).finally(() => this.sync.close())
  }

  private refused(error: unknown): void {
    if (!(error instanceof ApiError)) throw error
    this.state.error = error.id
    this.state.problems = problemsOf(error.problem.detail, this.state.fields)
  }

  private body(): DraftBody {
    return { ...this.state.fields, items: this.state.items, linked: this.state.linked, key: this.key }
  }

  private show(body: DraftBody): void {
    Object.assign(this.state.fields, fieldsFrom(body))
    this.state.items = textsFrom(body.items)
    this.state.linked = linkedFrom(body.linked)
  }

  private newSync(version: number): DraftSync {
    return new DraftSync(
      {
        save: (body, base, last) => this.store(body, base, last),
        changed: (draft) => (this.state.draft = draft),
        replaced: (body) => this.show(body),
      },
      version,
    )
  }

  private async store(body: DraftBody, version: number, last: boolean): Promise<SaveOutcome> {
    try {
      const answer = await api<DraftAnswer>(`/drafts/${this.contactId}`, {
        method: 'PUT',
        body: { body, version },
        keepalive: last,
      })
      return { kind: 'saved', version: answer.draft.version }
    } catch (error) {
      if (!(error instanceof ApiError) || error.id !== 'draft_conflict') throw error
      const current = error.problem.detail.current as Draft
      return { kind: 'conflict', body: current.body, version: current.version }
    }
  }
}

function linkedFrom(value: unknown): LinkedTicket | null {
  const { ticket_id, number } = (value ?? {}) as Partial<LinkedTicket>
  return typeof ticket_id === 'string' && typeof number === 'string' ? { ticket_id, number } : null
}

/** The form on the desk; null while there is no call to write about. */
export const currentForm = shallowRef<TicketForm | null>(null)

export function formOf(contactId: string | undefined): TicketForm | null {
  return currentForm.value && currentForm.value.contactId === contactId ? currentForm.value : null
}

/** Shows the form of this call, with the draft the server knows.  The form already open for it stays. */
export function openForm(card: Card, draft: Draft | null = null): void {
  const open = formOf(card.contact_id)
  if (open) {
    if (draft) open.adopt(draft)
    else open.learnName(card.name)
    return
  }
  currentForm.value?.close()
  const prefill = { caller_name: card.name ?? '', caller_number: card.number_shown }
  currentForm.value = new TicketForm(card.contact_id, prefill, draft)
}

/** Adds a sentence of the citizen to the description; false when there is no form of this call to write into. */
export function insertSentence(contactId: string, sentence: string): boolean {
  const form = formOf(contactId)
  if (!form || form.state.saved || form.state.saving) return false
  const text = form.state.fields.text
  form.state.fields.text = text === '' || /\s$/.test(text) ? text + sentence : `${text}\n${sentence}`
  form.changed('text')
  return true
}

export function closeForm(): void {
  currentForm.value?.close()
  currentForm.value = null
}

// The last words of a page that is being left go out even though the page will not wait for the answer.
window.addEventListener('pagehide', () => void currentForm.value?.flush(true))
