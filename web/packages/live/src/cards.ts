import type { Card, View } from '@jieli/api'
import type { Reducer } from './snapshot'

/** What is known of a list: its cards in order, and whether there are more on the server. */
export interface CardList {
  readonly items: readonly Card[]
  readonly nextCursor: string | null
}

export interface Reader {
  readonly me: string
  /** ms since the epoch */
  readonly now: () => number
}

/** A due time this near puts a card under "due soon"; the server says the same. */
export const SOON_MS = 10 * 60_000

/** Whether an open card belongs to a view, as the server decides it; `undefined` when only the server can tell. */
export function belongs(view: View, card: Card, { me, now }: Reader): boolean | undefined {
  if (card.state === 'closed') return false
  const holder = card.holder?.kind
  const unmanned = holder === 'bot' || holder === 'customer'
  switch (view) {
    case 'all':
      return true
    case 'mine':
      return card.assignee === me
    case 'queue':
      return holder === 'queue'
    case 'unassigned':
      return card.assignee === null && !unmanned
    case 'bot':
      return card.assignee === null && unmanned
    case 'waiting_customer':
      return holder === 'customer'
    case 'sla_soon':
      return holder !== 'customer' && card.due_at !== null && Date.parse(card.due_at) - now() <= SOON_MS
    case 'promise_due':
      return undefined
  }
}

/** Next due first; what has no due time last; then the longest untouched. */
export function byDue(a: Card, b: Card): number {
  const due = (card: Card) => (card.due_at ? Date.parse(card.due_at) : Infinity)
  const difference = due(a) - due(b)
  return (Number.isNaN(difference) ? 0 : difference) || Date.parse(a.last_at) - Date.parse(b.last_at)
}

function without(list: CardList, id: string): CardList {
  const items = list.items.filter((card) => card.id !== id)
  return items.length === list.items.length ? list : { ...list, items }
}

/** Reducer of one view's list. A card sorting behind the last one loaded is left to the next page. */
export function cardsOf(view: View, reader: Reader): Reducer<CardList> {
  return (list, event) => {
    if (event.name === 'conversation.removed') return without(list, (event.data as { id: string }).id)
    if (event.name !== 'conversation.changed') return list
    const card = event.data as Card
    const known = list.items.some((item) => item.id === card.id)
    const belonging = belongs(view, card, reader) ?? known
    const rest = without(list, card.id)
    if (!belonging) return rest
    const items = [...rest.items, card].sort(byDue)
    const beyond = !known && list.nextCursor !== null && items.at(-1)?.id === card.id
    return beyond ? list : { ...list, items }
  }
}
