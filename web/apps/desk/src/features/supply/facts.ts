import type { Answer, Fact, FactKind, Lookup, OrderValue } from '@jieli/api'

/** The value of a fact in the shape of its kind; the server checked it when it came in (`supply.shapes`). */
export function valueOf<Value>(fact: Fact): Value {
  return fact.value as unknown as Value
}

/** The answer about one kind; without one nobody was asked. */
export function about(answers: readonly Answer[], kind: FactKind): Answer {
  return answers.find((answer) => answer.kind === kind) ?? { kind, facts: [], unknown: false, asked: '', reason: '' }
}

/** A direct look-up in the shape of the answers that come with a person. */
export function answerOf(kind: FactKind, { facts = [], unknown }: Lookup): Answer {
  const known = unknown ? (unknown.last_known ?? []) : facts
  return {
    kind,
    facts: known.map((fact) => ({ ...fact, simulated: fact.simulated ?? false })),
    unknown: Boolean(unknown),
    asked: unknown?.source ?? '',
    back_by: unknown?.back_by ?? null,
    reason: unknown?.reason ?? '',
  }
}

/** What still moves comes first, what went wrong before everything; what has arrived last. */
const PARCEL_RANK = ['exception', 'out_for_delivery', 'in_transit', 'picked_up', 'label_created', 'returned', 'delivered']

/** Facts of a kind in the order an agent wants them: parcels by urgency, everything else newest first. */
export function inOrder({ kind, facts }: Answer): Fact[] {
  if (kind === 'parcel') {
    const rank = (fact: Fact) => PARCEL_RANK.indexOf(valueOf<{ state: string }>(fact).state)
    return facts.toSorted((a, b) => rank(a) - rank(b))
  }
  const since = (fact: Fact) => {
    const { placed_at, asked_at } = valueOf<{ placed_at?: string; asked_at?: string }>(fact)
    return placed_at ?? asked_at ?? ''
  }
  return facts.toSorted((a, b) => since(b).localeCompare(since(a)))
}

/** What was bought last, for "is there another one": the newest orders' articles, each once. */
export function recentSkus(orders: Answer, most = 3): string[] {
  const newest = orders.facts.map((fact) => valueOf<OrderValue>(fact)).toSorted((a, b) => b.placed_at.localeCompare(a.placed_at))
  return [...new Set(newest.flatMap((order) => order.lines.map((line) => line.sku)))].slice(0, most)
}
