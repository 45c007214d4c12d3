import { body, snapshot, type Card, type Conversation, type Counts, type Handover, type Snapshot, type View } from '@jieli/api'
import type { CardList, Thread } from '@jieli/live'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { heard, settled } from '../../app/live'
import { tellProblem } from '../../app/problems'

export const VIEWS = ['mine', 'queue', 'unassigned', 'all', 'sla_soon', 'promise_due', 'waiting_customer', 'bot'] as const satisfies readonly View[]
const THREAD_PAGE = 50

export function useCounts() {
  return useQuery<Snapshot<Counts>>({
    queryKey: keys.counts,
    queryFn: () => snapshot(api.GET('/api/v1/conversations/counts')),
    refetchInterval: 60_000, // due times pass without an event
  })
}

async function cardPage(view: View, cursor = ''): Promise<Snapshot<CardList>> {
  const page = await snapshot(api.GET('/api/v1/conversations', { params: { query: { view, cursor } } }))
  return { eventId: page.eventId, data: { items: page.data.items, nextCursor: page.data.next_cursor ?? null } }
}

/** As many cards as were loaded before, so that fetching anew does not shorten a list somebody is reading. */
async function cardsAgain(view: View, wanted: number): Promise<Snapshot<CardList>> {
  const first = await cardPage(view)
  let { items, nextCursor } = first.data
  while (nextCursor && items.length < wanted) {
    const next = await cardPage(view, nextCursor)
    items = [...items, ...next.data.items]
    nextCursor = next.data.nextCursor
  }
  return { eventId: first.eventId, data: { items, nextCursor } }
}

export function useCards(view: Ref<View>) {
  const client = useQueryClient()
  const queryKey = computed(() => keys.cards(view.value))
  const list = useQuery<Snapshot<CardList>>({
    queryKey,
    queryFn: async () => {
      const key = keys.cards(view.value)
      const before = client.getQueryData<Snapshot<CardList>>(key)?.data.items.length ?? 0
      return settled(key, await cardsAgain(view.value, before))
    },
  })
  const more = useMutation({
    mutationFn: async (cursor: string) => ({ key: queryKey.value, page: await cardPage(view.value, cursor) }),
    onSuccess: ({ key, page }) =>
      client.setQueryData<Snapshot<CardList>>(key, (had) => {
        if (!had) return undefined
        const known = new Set(had.data.items.map(({ id }) => id))
        const items = [...had.data.items, ...page.data.items.filter(({ id }) => !known.has(id))]
        return { ...had, data: { items, nextCursor: page.data.nextCursor } }
      }),
    onError: tellProblem,
  })
  return { list, more }
}

/** Whether a card holds the words: in its customer, its channel or its last line. */
export function holds(card: Card, words: string): boolean {
  return `${card.person.name_masked} ${card.channel.name} ${card.last_line}`.toLowerCase().includes(words.trim().toLowerCase())
}

/** Open conversations that the words fit, for the palette. */
export function useCardSearch(words: Ref<string>, open: Ref<boolean>) {
  const all = useQuery({
    queryKey: keys.cards('all'),
    queryFn: async () => settled(keys.cards('all'), await cardsAgain('all', 0)),
    enabled: open,
  })
  return computed(() => (words.value.trim() ? (all.data.value?.data.items ?? []).filter((card) => holds(card, words.value)).slice(0, 6) : []))
}

async function opened(id: string): Promise<Snapshot<Conversation>> {
  const { eventId, data } = await snapshot(api.GET('/api/v1/conversations/{conversation}', { params: { path: { conversation: id } } }))
  const { card, ...handed } = data
  return { eventId, data: { ...card, ...handed } }
}

export function useConversation(id: Ref<string>) {
  const queryKey = computed(() => keys.conversation(id.value))
  return useQuery<Snapshot<Conversation>>({
    queryKey,
    queryFn: async () => settled(queryKey.value, await opened(id.value)),
    enabled: computed(() => Boolean(id.value)),
  })
}

/** Through whose hands the conversation went; they stand in the thread where they happened. */
export function useHandovers(id: Ref<string>) {
  return useQuery<Handover[]>({
    queryKey: computed(() => keys.handovers(id.value)),
    queryFn: () => body(api.GET('/api/v1/matters/{matter}/handovers', { params: { path: { matter: id.value } } })),
    enabled: computed(() => Boolean(id.value)),
  })
}

async function threadPage(id: string, from?: number): Promise<Snapshot<Thread>> {
  const query = { limit: THREAD_PAGE, ...(from === undefined ? {} : { before: from }) }
  const page = await snapshot(api.GET('/api/v1/conversations/{conversation}/messages', { params: { path: { conversation: id }, query } }))
  const { items } = page.data
  const before = items.length >= THREAD_PAGE ? (items[0]?.seq ?? null) : null
  return { eventId: page.eventId, data: { items, before } }
}

export function useThread(id: Ref<string>) {
  const client = useQueryClient()
  const queryKey = computed(() => keys.thread(id.value))
  const thread = useQuery<Snapshot<Thread>>({
    queryKey,
    queryFn: async () => {
      const [key, talk] = [queryKey.value, id.value]
      await heard(`conversation:${talk}`, () => void client.invalidateQueries({ queryKey: key }))
      return settled(key, await threadPage(talk))
    },
    enabled: computed(() => Boolean(id.value)),
  })
  const earlier = useMutation({
    mutationFn: async (from: number) => ({ key: queryKey.value, page: await threadPage(id.value, from) }),
    onSuccess: ({ key, page }) =>
      client.setQueryData<Snapshot<Thread>>(key, (had) =>
        had ? { ...had, data: { items: [...page.data.items, ...had.data.items], before: page.data.before } } : undefined,
      ),
    onError: tellProblem,
  })
  return { thread, earlier }
}
