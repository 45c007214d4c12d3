import type { Call } from '@jieli/api'
import type { Reducer } from './snapshot'

/** What tells a call from others. */
export function callKey({ channel, call }: Pick<Call, 'channel' | 'call'>): string {
  return `${channel} ${call}`
}

/** Reducer of the calls at the desks. One that is answered or missed stays, for a screen to say so, until it has; who did
    not hear it ring is not told how it went on. */
export const callsOf: Reducer<readonly Call[]> = (calls, event) => {
  if (!event.name.startsWith('call.')) return calls
  const call = event.data as Call
  const known = calls.some((other) => callKey(other) === callKey(call))
  if (call.state === 'ended') return known ? calls.filter((other) => callKey(other) !== callKey(call)) : calls
  if (known) return calls.map((other) => (callKey(other) === callKey(call) ? call : other))
  return call.state === 'ringing' ? [...calls, call] : calls
}
