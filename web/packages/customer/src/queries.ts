import { body, snapshot, type Answer, type MatterStatus, type Place, type PromiseToMe, type Snapshot } from '@jieli/api'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, type ComputedRef } from 'vue'
import { keys, useCustomer, type Customer } from './customer'
import { withOlder, type MyThread } from './reducers'

const PAGE = 50
const LOOK_AGAIN_MS = 60_000
/** Others in the queue move without telling us; our own moves come live. */
const PLACE_MS = 15_000

async function page({ api }: Customer, before: string | null): Promise<Snapshot<MyThread>> {
  const { eventId, data } = await snapshot(api.GET('/api/v1/customer/messages', { params: { query: { limit: PAGE, ...(before ? { before } : {}) } } }))
  return { eventId, data: { items: data.items, before: data.next_cursor ?? null } }
}

export function useThread() {
  const customer = useCustomer()
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.messages, queryFn: async () => customer.settled('messages', await page(customer, null)) })
  const thread = computed(() => query.data.value?.data)
  const fetchingOlder = ref(false)

  async function older(): Promise<void> {
    const before = thread.value?.before
    if (!before || fetchingOlder.value) return
    fetchingOlder.value = true
    try {
      const { data } = await page(customer, before)
      client.setQueryData<Snapshot<MyThread>>(keys.messages, (known) => known && { ...known, data: withOlder(known.data, data) })
    } finally {
      fetchingOlder.value = false
    }
  }
  return { query, thread, older, fetchingOlder }
}

export function useMatters() {
  const customer = useCustomer()
  const query = useQuery({
    queryKey: keys.matters,
    queryFn: async (): Promise<Snapshot<readonly MatterStatus[]>> => customer.settled('matters', await snapshot(customer.api.GET('/api/v1/customer/matters'))),
  })
  return { query, matters: computed(() => query.data.value?.data) }
}

export function usePromises() {
  const customer = useCustomer()
  const query = useQuery({
    queryKey: keys.promises,
    queryFn: async (): Promise<Snapshot<readonly PromiseToMe[]>> => customer.settled('promises', await snapshot(customer.api.GET('/api/v1/customer/promises'))),
  })
  return { query, promises: computed(() => query.data.value?.data) }
}

/** Where I wait; asked again and again while I do. */
export function usePlace(waiting: () => boolean): ComputedRef<Place | undefined> {
  const customer = useCustomer()
  const { data } = useQuery({
    queryKey: keys.places,
    queryFn: async (): Promise<Snapshot<readonly Place[]>> => customer.settled('places', await snapshot(customer.api.GET('/api/v1/customer/places'))),
    enabled: waiting,
    refetchInterval: () => (waiting() ? PLACE_MS : false),
  })
  return computed(() => (waiting() ? data.value?.data[0] : undefined))
}

/** Orders and parcels come from other systems, which do not push to the page: they are asked again. */
export function useOrders() {
  const { api } = useCustomer()
  return useQuery({
    queryKey: keys.orders,
    queryFn: (): Promise<Answer[]> => body(api.GET('/api/v1/customer/orders')),
    refetchInterval: LOOK_AGAIN_MS,
    refetchOnWindowFocus: true,
  })
}
