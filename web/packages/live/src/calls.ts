import type { MatterState } from '@jieli/api'
import type { LiveEvent } from './wire'

/** What is known of a caller before the agent answers (`call.ringing`). */
export interface Call {
  call: string
  channel: string
  /** Masked */
  caller: string
  extension: string
  at: string
  person: { id: string; name_masked: string; tier: string } | null
  conversation: string | null
  likely_intent: string
  emotion: string
  matters: MatterState[]
}

/** Pure: the calls that ring after an event. Whatever else happens to a call ends its ringing. */
export function ringing(calls: readonly Call[], event: LiveEvent): readonly Call[] {
  if (!event.name.startsWith('call.')) return calls
  const call = event.data as Call
  const others = calls.filter((other) => other.call !== call.call)
  return event.name === 'call.ringing' ? [...others, call] : others
}
