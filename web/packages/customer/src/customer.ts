import type { Api, Snapshot, Visit } from '@jieli/api'
import { advance, EventLog, LiveSocket, type LinkState, type LiveEvent, type Reducer } from '@jieli/live'
import type { QueryClient } from '@tanstack/vue-query'
import { inject, ref, type InjectionKey, type Ref } from 'vue'
import { myMatters, myPlaces, myPromises, myThread } from './reducers'
import { createSending, type Sending } from './sending'
import { apiOf } from './visit'

export const keys = {
  messages: ['messages'] as const,
  matters: ['matters'] as const,
  promises: ['promises'] as const,
  places: ['places'] as const,
  orders: ['orders'] as const,
}

/** How events change what is cached, by the first word of its key. */
const REDUCERS: Record<string, Reducer<unknown>> = {
  messages: myThread as Reducer<unknown>,
  matters: myMatters as Reducer<unknown>,
  promises: myPromises as Reducer<unknown>,
  places: myPlaces as Reducer<unknown>,
}

export interface Customer {
  readonly visit: Visit
  readonly api: Api
  readonly link: Readonly<Ref<LinkState>>
  readonly sending: Sending
  /** A snapshot just fetched, brought up to date with what was heard while it was on its way */
  settled<T>(key: keyof typeof keys, snapshot: Snapshot<T>): Snapshot<T>
  stop(): void
}

const CUSTOMER: InjectionKey<Customer> = Symbol('customer')
export { CUSTOMER }

export function useCustomer(): Customer {
  const customer = inject(CUSTOMER)
  if (!customer) throw new Error('No visit was opened above this component')
  return customer
}

/** One customer's line to us: what is live, what is said, and the cache that follows both. */
export function createCustomer(client: QueryClient, visit: Visit, context: Record<string, string> = {}): Customer {
  const link = ref<LinkState>('connecting')
  const log = new EventLog()
  const query = new URLSearchParams({ channel: visit.channel, token: visit.token })

  function apply(event: LiveEvent): void {
    log.add(event)
    for (const [what, reduce] of Object.entries(REDUCERS)) {
      const state = client.getQueryData<Snapshot<unknown>>([what])
      const next = state && advance(state, event, reduce)
      if (next && next !== state) client.setQueryData([what], next)
    }
  }

  const socket = new LiveSocket({
    path: `/ws/customer?${query}`,
    onState(state) {
      link.value = state
      if (state === 'live') sending.lineUp()
      if (state === 'waiting') sending.lineLost()
    },
    onAnswer: (answer) => sending.answered(answer),
    onReset() {
      log.clear()
      void client.invalidateQueries()
    },
    onEvent: apply,
  })
  const sending = createSending(visit.channel, (id, text) => {
    const frame = { type: 'message', id, text, ...(Object.keys(context).length ? { context } : {}) }
    return socket.say(frame)
  })

  const wake = () => void (document.hidden || socket.wake())
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
  return {
    visit,
    api: apiOf(visit),
    link,
    sending,
    settled: (key, snapshot) => log.settle(snapshot, REDUCERS[key] as Reducer<typeof snapshot.data>),
    stop() {
      socket.close()
      sending.stop()
      window.removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', wake)
    },
  }
}
