import type { Answer, Fact, OrderValue, ParcelValue } from '@jieli/api'
import type { Tone } from '@jieli/ui'

/** The value of a fact in the shape of its kind; the server checked it when it came in. */
export interface Held<Value> {
  readonly fact: Fact
  readonly value: Value
}

export interface OrderWithParcels extends Held<OrderValue> {
  readonly parcels: readonly Held<ParcelValue>[]
}

function heldOf<Value>(answers: readonly Answer[], kind: string): Held<Value>[] {
  const facts = answers.find((answer) => answer.kind === kind)?.facts ?? []
  return facts.map((fact) => ({ fact, value: fact.value as unknown as Value }))
}

/** My orders, newest first, each with its parcels; and the parcels that belong to none of them. */
export function arranged(answers: readonly Answer[]): { orders: OrderWithParcels[]; orphans: Held<ParcelValue>[] } {
  const parcels = heldOf<ParcelValue>(answers, 'parcel')
  const orders = heldOf<OrderValue>(answers, 'order')
    .map(({ fact, value }) => ({
      fact,
      value,
      parcels: parcels.filter((one) => one.value.order === value.number || value.parcels?.includes(one.value.tracking)),
    }))
    .sort((a, b) => b.value.placed_at.localeCompare(a.value.placed_at))
  const found = new Set(orders.flatMap((order) => order.parcels))
  return { orders, orphans: parcels.filter((parcel) => !found.has(parcel)) }
}

const TONES: Record<string, Tone> = {
  delivered: 'good',
  completed: 'good',
  shipped: 'info',
  partly_shipped: 'info',
  picked_up: 'info',
  in_transit: 'info',
  out_for_delivery: 'brand',
  pending_payment: 'warn',
  returned: 'warn',
  exception: 'bad',
}

export function toneOf(state: string): Tone {
  return TONES[state] ?? 'neutral'
}

/** Something is still to come: what was promised matters as long as it has not happened. */
export function isUnderway(state: string): boolean {
  return !['delivered', 'completed', 'cancelled', 'returned'].includes(state)
}

/** Whether a promise to ship is still to be kept. */
export function awaitsShipping(state: string): boolean {
  return ['paid', 'in_production', 'packed', 'partly_shipped'].includes(state)
}

const SAME_TIME_MS = 60_000

/** Whether two facts carry the same stamp: one source, one moment. */
export function saidTogether(a: Fact, b: Fact): boolean {
  return a.source === b.source && a.simulated === b.simulated && Math.abs(Date.parse(a.as_of) - Date.parse(b.as_of)) < SAME_TIME_MS
}
