import type { MatterStatus, Message, Place, PromiseToMe } from '@jieli/api'
import type { LiveEvent, Reducer } from '@jieli/live'

/** My messages over all channels, oldest first, and from which one on there are older ones. */
export interface MyThread {
  readonly items: readonly Message[]
  readonly before: string | null
}

/** Ids grow with time (UUIDv7), over all conversations. */
export function withMine(thread: MyThread, message: Message): MyThread {
  const rest = thread.items.filter((item) => item.id !== message.id)
  const behind = rest.findIndex((item) => item.id > message.id)
  const at = behind < 0 ? rest.length : behind
  return { ...thread, items: [...rest.slice(0, at), message, ...rest.slice(at)] }
}

/** An older page in front of what is known. */
export function withOlder(thread: MyThread, older: MyThread): MyThread {
  return { before: older.before, items: [...older.items, ...thread.items.filter((item) => !older.items.some(({ id }) => id === item.id))] }
}

export const myThread: Reducer<MyThread> = (thread, event) =>
  event.name === 'message.added' || event.name === 'message.changed' ? withMine(thread, event.data as Message) : thread

/** Replaces the row of the same id, or puts a new one in front. */
function withRow<Row extends { id: string }>(rows: readonly Row[], row: Row): readonly Row[] {
  return rows.some(({ id }) => id === row.id) ? rows.map((known) => (known.id === row.id ? row : known)) : [row, ...rows]
}

export const myMatters: Reducer<readonly MatterStatus[]> = (matters, event) =>
  event.name === 'matter.changed' ? withRow(matters, event.data as MatterStatus) : matters

export const myPromises: Reducer<readonly PromiseToMe[]> = (promises, event) =>
  event.name.startsWith('promises.') ? withRow(promises, event.data as PromiseToMe) : promises

/** Where I wait. A frame without a place says that the waiting is over. */
export const myPlaces: Reducer<readonly Place[]> = (places, event: LiveEvent) => {
  if (event.name !== 'place.changed') return places
  const { place } = event.data as { place: Place | null }
  return place ? [...places.filter(({ conversation }) => conversation !== place.conversation), place] : []
}
