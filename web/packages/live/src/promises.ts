import type { LedgerLine } from '@jieli/api'
import type { Reducer } from './snapshot'

/** Reducer of the open promises, in no order: a list sorts them as it shows them. */
export const openPromises: Reducer<readonly LedgerLine[]> = (lines, event) => {
  if (event.topic !== 'promises:all' || !event.name.startsWith('promises.')) return lines
  const line = event.data as LedgerLine
  const known = lines.some(({ id }) => id === line.id)
  if (line.state !== 'open') return known ? lines.filter(({ id }) => id !== line.id) : lines
  return known ? lines.map((other) => (other.id === line.id ? line : other)) : [...lines, line]
}
