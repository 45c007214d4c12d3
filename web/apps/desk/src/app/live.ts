import type { Me, Snapshot, View } from '@jieli/api'
import { advance, callsOf, cardsOf, conversationOf, correctionsOf, EventLog, LiveSocket, openPromises, threadOf, type LiveEvent, type LinkState, type Reducer } from '@jieli/live'
import type { QueryClient, QueryKey } from '@tanstack/vue-query'
import { ref } from 'vue'
import { useCalls } from '../features/channels/calls'
import { i18n } from './i18n'
import { keys } from './keys'
import { router } from './router'
import { tellAlarm, tellNews } from './problems'

export const linkState = ref<LinkState>('connecting')
const log = new EventLog()
let socket: LiveSocket | undefined
let me = ''
let since: number | undefined

/** How long a fetch waits to be told that its topic is followed. A line may be dead and not know it yet. */
const PATIENCE_MS = 1_500

/** How events change what is cached under a key; undefined for what is fetched anew instead. */
function reducerOf(key: QueryKey): Reducer<unknown> | undefined {
  const [what, id] = key as [string, string]
  if (what === 'cards') return cardsOf(id as View, { me, now: Date.now }) as Reducer<unknown>
  if (what === 'conversation') return conversationOf(id) as Reducer<unknown>
  if (what === 'thread') return threadOf(id) as Reducer<unknown>
  if (what === 'corrections') return correctionsOf(id) as Reducer<unknown>
  if (what === 'calls') return callsOf as Reducer<unknown>
  if (what === 'promises') return openPromises as Reducer<unknown>
  return undefined
}

/** A snapshot just fetched, brought up to date with what was heard while it was on its way. */
export function settled<T>(key: QueryKey, snapshot: Snapshot<T>): Snapshot<T> {
  const reduce = reducerOf(key) as Reducer<T> | undefined
  return reduce ? log.settle(snapshot, reduce) : snapshot
}

/** What an event makes stale, where the event itself does not carry the new state. */
const STALE: Record<string, readonly QueryKey[]> = {
  'conversation.changed': [keys.counts, ['cards', 'promise_due'], ['handovers'], ['context']],
  'conversation.assigned': [keys.counts],
  'presence.changed': [keys.agents, keys.seat],
  'queue.changed': [keys.queues],
  'correction.reviewed': [['learning', 'corrections'], ['learning', 'pairs'], keys.reviewCounts],
  'candidate.changed': [keys.candidates],
  'model.changed': [keys.model, keys.candidates, keys.promotions],
}

function apply(client: QueryClient, event: LiveEvent): void {
  log.add(event)
  for (const query of client.getQueryCache().getAll()) {
    const reduce = reducerOf(query.queryKey)
    const state = query.state.data as Snapshot<unknown> | undefined
    if (!reduce || !state) continue
    const next = advance(state, event, reduce)
    if (next !== state) client.setQueryData(query.queryKey, next)
  }
}

/** Many events in one moment make one fetch, not many. */
function staleSoon(client: QueryClient): (names: readonly QueryKey[]) => void {
  const waiting = new Map<string, QueryKey>()
  let timer: ReturnType<typeof setTimeout> | undefined
  return (names) => {
    names.forEach((key) => waiting.set(JSON.stringify(key), key))
    timer ??= setTimeout(() => {
      timer = undefined
      waiting.forEach((queryKey) => void client.invalidateQueries({ queryKey }))
      waiting.clear()
    }, 400)
  }
}

/** Where the first snapshot of this sign-in stands: the line tells what happened since, before any other is fetched. */
export function beginAt(eventId: number): void {
  since = eventId
}

export function startLive(client: QueryClient, reader: Me): void {
  if (socket) return
  me = reader.id
  const calls = useCalls()
  const stale = staleSoon(client)
  socket = new LiveSocket({
    path: '/ws/desk',
    since,
    onState: (state) => (linkState.value = state),
    onReset: () => {
      log.clear()
      void client.invalidateQueries()
    },
    onEvent: (event) => {
      apply(client, event)
      stale(STALE[event.name] ?? [])
      calls.hear(event, me)
      if (event.name === 'model.changed' && event.topic === 'desk' && reader.permissions.includes('learning.review')) tellAlarm(i18n.global.t('desk.learning.watch.replaced'))
      if (event.name === 'conversation.assigned' && !isOpen(event.data)) tellNews(i18n.global.t('desk.list.assigned'))
    },
  })
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
}

/** Whoever takes what they are reading needs no telling. */
function isOpen(assigned: unknown): boolean {
  return router.currentRoute.value.params.id === (assigned as { conversation: string }).conversation
}

function wake(): void {
  if (!document.hidden) socket?.wake()
}

export function stopLive(): void {
  socket?.close()
  socket = undefined
  log.clear()
  window.removeEventListener('online', wake)
  document.removeEventListener('visibilitychange', wake)
}

export function follow(topic: string): () => void {
  return socket?.follow(topic) ?? (() => undefined)
}

/** Before a snapshot of something that changes by a topic of its own: resolves once the topic is followed, so that nothing
    falls between the two. Whoever would wait too long fetches at once, and `again` when it is followed at last. */
export async function heard(topic: string, again: () => void): Promise<void> {
  if (!socket) return
  let late = false
  const listening = socket.listening(topic)
  const patience = new Promise<void>((go) => setTimeout(go, PATIENCE_MS)).then(() => void (late = true))
  await Promise.race([listening, patience])
  if (late) void listening.then(again)
}
