import { body, snapshot, type LedgerLine, type PromiseKind, type Snapshot } from '@jieli/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { onUnmounted } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { follow, heard, settled } from '../../app/live'
import { tellProblem } from '../../app/problems'

const TOPIC = 'promises:all'
const MOST_PAGES = 10

/** All that is open, as of the first page: what changes while the others come is patched in. */
async function openLines(): Promise<Snapshot<readonly LedgerLine[]>> {
  const page = (cursor: string) => snapshot(api.GET('/api/v1/promises', { params: { query: { state: 'open', cursor } } }))
  const first = await page('')
  const lines = new Map(first.data.items.map((line) => [line.id, line]))
  let next = first.data.next_cursor
  for (let pages = 1; next && pages < MOST_PAGES; pages += 1) {
    const { data } = await page(next)
    data.items.forEach((line) => lines.set(line.id, line))
    next = data.next_cursor
  }
  return { eventId: first.eventId, data: [...lines.values()] }
}

/** The open promises, live while the screen stands. */
export function usePromises() {
  const client = useQueryClient()
  const leave = follow(TOPIC)
  onUnmounted(() => {
    leave()
    void client.invalidateQueries({ queryKey: keys.promises, refetchType: 'none' })
  })
  return useQuery<Snapshot<readonly LedgerLine[]>>({
    queryKey: keys.promises,
    queryFn: async () => {
      await heard(TOPIC, () => void client.invalidateQueries({ queryKey: keys.promises }))
      return settled(keys.promises, await openLines())
    },
  })
}

export function usePromise() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (promise: { person: string; conversation: string; what: string; kind: PromiseKind; due_at: string }) => body(api.POST('/api/v1/promises', { body: promise })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.promises })
      void client.invalidateQueries({ queryKey: ['context'] })
    },
    onError: tellProblem,
  })
}
