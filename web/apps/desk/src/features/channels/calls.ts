import { ringing as after, type Call, type LiveEvent } from '@jieli/live'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** A telephone rings no longer than this before the exchange takes the call back. */
const RINGS_MS = 60_000

/** Calls that ring on this desk now. */
export const useCalls = defineStore('calls', () => {
  const ringing = shallowRef<readonly Call[]>([])

  function hear(event: LiveEvent): void {
    ringing.value = after(ringing.value, event)
    if (event.name !== 'call.ringing') return
    const { call } = event.data as Call
    setTimeout(() => dismiss(call), RINGS_MS)
  }

  function dismiss(id: string): void {
    ringing.value = ringing.value.filter((call) => call.call !== id)
  }

  return { ringing, hear, dismiss }
})
