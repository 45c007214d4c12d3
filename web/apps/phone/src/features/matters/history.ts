import type { MatterStatus, Passed } from '@jieli/api'

/** Open ones by what is due first; closed ones newest first. */
export function sorted(matters: readonly MatterStatus[], open: boolean): MatterStatus[] {
  const rows = matters.filter((matter) => matter.open === open)
  if (!open) return rows.sort((a, b) => (b.closed_at ?? '').localeCompare(a.closed_at ?? ''))
  const due = ({ due_at }: MatterStatus) => (due_at ? Date.parse(due_at) : Infinity)
  return rows.sort((a, b) => due(a) - due(b) || b.opened_at.localeCompare(a.opened_at))
}

/** Newest first; turns that stayed in the same hands are one. */
export function turnsOf({ history = [] }: Pick<MatterStatus, 'history'>): Passed[] {
  const turns: Passed[] = []
  for (const turn of history) {
    const last = turns.at(-1)
    if (last?.holder === turn.holder && last.holder_name === turn.holder_name) turns[turns.length - 1] = { ...last, until: turn.until }
    else turns.push(turn)
  }
  return turns.reverse()
}
