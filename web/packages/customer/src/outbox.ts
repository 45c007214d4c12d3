import type { Message } from '@jieli/api'
import type { Answered } from '@jieli/live'

/** `waiting` for the line · `sent`, not yet acknowledged · `durable` on the server · `failed`, and why. */
export type PendingState = 'waiting' | 'sent' | 'durable' | 'failed'

/** A message of mine that the thread does not show yet. Its id is made once, so that sending again is harmless. */
export interface Pending {
  readonly id: string
  readonly text: string
  /** ms since the epoch */
  readonly at: number
  readonly state: PendingState
  /** How often it was said on a line */
  readonly tries: number
  /** ms since the epoch, of the last time it was said */
  readonly saidAt: number
  /** The newest message known when it was written */
  readonly after: string
  /** The row it is kept in, once it is durable */
  readonly inbox: string
  readonly code: string
}

export type Outbox = readonly Pending[]

/** Silence after which a message is said again, and how often before it counts as failed. */
export const SAY_AGAIN_MS = 8_000
export const MOST_TRIES = 4

function changed(outbox: Outbox, id: string, change: (one: Pending) => Partial<Pending>): Outbox {
  return outbox.map((one) => (one.id === id ? { ...one, ...change(one) } : one))
}

export function written(outbox: Outbox, id: string, text: string, at: number, after: string): Outbox {
  return [...outbox, { id, text, at, after, state: 'waiting', tries: 0, saidAt: 0, inbox: '', code: '' }]
}

export function said(outbox: Outbox, id: string, now: number): Outbox {
  return changed(outbox, id, ({ tries }) => ({ state: 'sent', tries: tries + 1, saidAt: now }))
}

export function answered(outbox: Outbox, { id, taken, inbox, code }: Answered): Outbox {
  return changed(outbox, id, () => (taken ? { state: 'durable', inbox, code: '' } : { state: 'failed', code: code || 'refused' }))
}

/** The line broke: what was not acknowledged is said again on the next one, under the same id. */
export function lineLost(outbox: Outbox): Outbox {
  return outbox.map((one) => (one.state === 'sent' ? { ...one, state: 'waiting', tries: 0 } : one))
}

/** What was said long ago without an answer waits to be said again, or is given up. */
export function overdue(outbox: Outbox, now: number): Outbox {
  return outbox.map((one) => {
    if (one.state !== 'sent' || now - one.saidAt < SAY_AGAIN_MS) return one
    return one.tries < MOST_TRIES ? { ...one, state: 'waiting' } : { ...one, state: 'failed', code: 'silent' }
  })
}

export function retried(outbox: Outbox, id: string): Outbox {
  return changed(outbox, id, () => ({ state: 'waiting', tries: 0, code: '' }))
}

export function discarded(outbox: Outbox, id: string): Outbox {
  return outbox.filter((one) => one.id !== id)
}

/** What to say now, in the order it was written. */
export function due(outbox: Outbox): Outbox {
  return outbox.filter(({ state }) => state === 'waiting')
}

/** Which messages of the thread are these. By its row where it is acknowledged; before that (the thread can be faster
    than the acknowledgement) by its words, among what came in since it was written. */
export function shownAs(outbox: Outbox, messages: readonly Message[], done: ReadonlySet<string>): Map<string, Message> {
  const found = new Map<string, Message>()
  const mine = messages.filter(({ direction }) => direction === 'in')
  const taken = new Set(done)
  for (const one of outbox) {
    const row = one.inbox ? mine.find(({ inbox }) => inbox === one.inbox) : undefined
    if (row) found.set(one.id, row)
    if (one.inbox) taken.add(one.inbox)
  }
  for (const one of outbox.filter(({ inbox, tries }) => !inbox && tries > 0)) {
    const row = mine.find(({ id, text, inbox }) => id > one.after && text.trim() === one.text.trim() && !taken.has(inbox ?? id))
    if (!row) continue
    taken.add(row.inbox ?? row.id)
    found.set(one.id, row)
  }
  return found
}

/** Read back after a reload: nothing is on its way on a line any more. */
export function restored(text: string | null): Outbox {
  try {
    const rows: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(rows) ? lineLost(rows as Outbox) : []
  } catch {
    return []
  }
}
