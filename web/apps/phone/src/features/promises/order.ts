import type { PromiseToMe } from '@jieli/api'

export interface Group {
  readonly state: PromiseToMe['state']
  readonly promises: readonly PromiseToMe[]
}

const ORDER = ['open', 'broken', 'kept', 'withdrawn'] as const

/** What is still to come first, by due time; then how the others ended, newest first. */
export function grouped(promises: readonly PromiseToMe[]): Group[] {
  return ORDER.map((state) => {
    const rows = promises.filter((promise) => promise.state === state)
    const newest = state === 'open' ? 1 : -1
    return { state, promises: rows.sort((a, b) => newest * (Date.parse(a.due_at) - Date.parse(b.due_at))) }
  }).filter((group) => group.promises.length)
}
