import type { Message } from '@jieli/api'

/** How many answers came in since the newest message that was seen; ids grow with time. */
export function unreadSince(messages: readonly Message[], seen: string): number {
  return messages.filter(({ id, direction }) => direction === 'out' && id > seen).length
}
