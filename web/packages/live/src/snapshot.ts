import type { Snapshot } from '@jieli/api'
import type { LiveEvent } from './wire'

/** Pure: the state after an event; the same object when the event does not concern it. */
export type Reducer<T> = (state: T, event: LiveEvent) => T

/** Snapshot + event. An event that the snapshot already holds changes nothing. The snapshot's own id stays as it is:
    one event may come in several frames, and each of them counts. */
export function advance<T>(snapshot: Snapshot<T>, event: LiveEvent, reduce: Reducer<T>): Snapshot<T> {
  if (event.id <= snapshot.eventId) return snapshot
  const data = reduce(snapshot.data, event)
  return data === snapshot.data ? snapshot : { ...snapshot, data }
}

/** The last events heard. A snapshot that was on its way while they came is brought up to date from here. */
export class EventLog {
  #events: LiveEvent[] = []

  constructor(private readonly keep = 1_000) {}

  add(event: LiveEvent): void {
    this.#events.push(event)
    if (this.#events.length > this.keep) this.#events.splice(0, this.#events.length - this.keep)
  }

  clear(): void {
    this.#events = []
  }

  settle<T>(snapshot: Snapshot<T>, reduce: Reducer<T>): Snapshot<T> {
    return this.#events.reduce((state, event) => advance(state, event, reduce), snapshot)
  }
}
