import type { Handover, Message } from '@jieli/api'

interface Place {
  id: string
  at: string
  /** The first of its day */
  day: boolean
}
export type Row = Place & ({ message: Message; /** Opens a run of one author */ first: boolean; handover?: undefined } | { handover: Handover; /** Carries the same as the card before it */ again: boolean })

/** Writing on after this long begins a new run. */
const RUN_MS = 5 * 60_000

/** Happenings that the hand-over beside them tells better */
const SAID_BY_HANDOVERS = new Set(['conversation.assigned', 'conversation.queued'])

function sameDay(a: string | undefined, b: string): boolean {
  return a !== undefined && new Date(a).toDateString() === new Date(b).toDateString()
}

/** A hand-over worth a card is one to people. That an answer passes the baton to the customer and back is seen anyway. */
function worthShowing({ to_holder, baton, why }: Handover): boolean {
  if (to_holder.kind === 'customer' || to_holder.kind === 'bot') return false
  return Boolean(baton.summary) || why !== 'answered'
}

/** Messages and hand-overs in one thread by time; hand-overs before the first message loaded stay out. */
export function rowsOf(messages: readonly Message[], handovers: readonly Handover[]): Row[] {
  const from = messages[0]?.at ?? ''
  const passed = handovers.filter((handover) => handover.at >= from && worthShowing(handover))
  const rows: Row[] = []
  let last: Message | undefined
  let next = 0
  let carried = ''

  const pass = (before: string | null) => {
    while (next < passed.length && (before === null || passed[next]!.at < before)) {
      const handover = passed[next++]!
      const summary = handover.baton.summary ?? ''
      rows.push({ id: handover.id, at: handover.at, day: !sameDay(rows.at(-1)?.at, handover.at), handover, again: summary === carried })
      carried = summary
      last = undefined
    }
  }
  for (const message of messages) {
    if (handovers.length > 0 && SAID_BY_HANDOVERS.has(message.type)) continue
    pass(message.at)
    const same = last?.direction === message.direction && last.author.kind === message.author.kind && last.author.name === message.author.name
    const soon = last !== undefined && Date.parse(message.at) - Date.parse(last.at) <= RUN_MS
    const day = !sameDay(rows.at(-1)?.at, message.at)
    rows.push({ id: message.id, at: message.at, day, message, first: day || !same || !soon })
    last = message
  }
  pass(null)
  return rows
}
