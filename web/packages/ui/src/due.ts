export type Urgency = 'over' | 'soon' | 'fine' | 'none'

/** From here on a due time counts as near. */
export const NEAR_MS = 15 * 60_000

export function urgency(dueAt: string | null | undefined, now: number): Urgency {
  if (!dueAt) return 'none'
  const left = Date.parse(dueAt) - now
  if (left < 0) return 'over'
  return left <= NEAR_MS ? 'soon' : 'fine'
}
