import { snapshot, type Call, type Snapshot } from '@jieli/api'
import { callKey, type LiveEvent } from '@jieli/live'
import { useQuery } from '@tanstack/vue-query'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '../../app/api'
import { useDesk } from '../../app/desk'
import { keys } from '../../app/keys'
import { settled } from '../../app/live'
import { router } from '../../app/router'

/** How long a pop says who answered, or that nobody did. */
export const LINGERS_MS = 6_000

/** Which pops this desk has put away, and what it does about a call that its own agent answers. */
export const useCalls = defineStore('calls', () => {
  const away = ref<ReadonlySet<string>>(new Set())

  function dismiss(call: Call): void {
    away.value = new Set([...away.value, callKey(call)])
  }

  function open(call: Call): void {
    if (!call.conversation) return
    dismiss(call)
    void router.push({ name: 'inbox', params: { view: 'all', id: call.conversation } })
  }

  function hear(event: LiveEvent, me: string): void {
    const call = event.data as Call
    if (event.name !== 'call.answered' && event.name !== 'call.missed') return
    setTimeout(() => dismiss(call), LINGERS_MS)
    // Whoever is writing into a dialog is not taken out of it: the pop stays for them to open the conversation by.
    if (event.name === 'call.answered' && call.answered_by?.id === me && useDesk().dialog === null) open(call)
  }

  return { away, dismiss, open, hear }
})

/** The calls to show: those that ring, also when the desk comes to it late, and what has just become of them. */
export function usePops() {
  const calls = useCalls()
  const query = useQuery<Snapshot<readonly Call[]>>({
    queryKey: keys.calls,
    queryFn: async () => settled<readonly Call[]>(keys.calls, await snapshot(api.GET('/api/v1/calls'))),
  })
  return computed(() => (query.data.value?.data ?? []).filter((call) => !calls.away.has(callKey(call))))
}
