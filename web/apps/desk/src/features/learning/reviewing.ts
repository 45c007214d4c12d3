import { body, type CorrectionCounts, type CorrectionState, type CorrectionView, type Intent, type IntentPair, type Me } from '@jieli/api'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from '@tanstack/vue-query'
import { computed, ref, type Ref } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { tellProblem } from '../../app/problems'

export const STATES = ['waiting', 'accepted', 'rejected', 'confirmed'] as const satisfies readonly CorrectionState[]

/** What is looked at; '' is any. */
export interface Filter {
  state: CorrectionState | ''
  brand: string
  found: string
  said: string
}

interface Page {
  items: CorrectionView[]
  next_cursor: string | null
}

/** New corrections come without an event: agents correct all day, and a list that moves by itself is hard to read. */
const LOOK_AGAIN_MS = 30_000

export function mayReview(me: Me | undefined): boolean {
  return me?.permissions.includes('learning.review') ?? false
}

/** The filter as the address says it. */
export function filterOf(query: Record<string, unknown>): Filter {
  const word = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  const state = word('state')
  return { state: state === 'any' ? '' : (STATES.find((one) => one === state) ?? 'waiting'), brand: word('brand'), found: word('found'), said: word('said') }
}

/** The filter as an address; what is left out is as it is at first. */
export function addressOf({ state, ...rest }: Filter): Record<string, string> {
  const shown = { state: state === 'waiting' ? '' : state || 'any', ...rest }
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value))
}

export function fits(one: CorrectionView, { state, brand, found, said }: Filter): boolean {
  return (!state || one.state === state) && (!brand || one.brand === brand) && (!found || one.found_intent === found) && (!said || one.intent === said)
}

async function page(filter: Filter, cursor: string): Promise<Page> {
  const { state, brand, found, said } = filter
  const query = { brand, cursor, state: state || undefined, found: (found as Intent) || undefined, said: (said as Intent) || undefined }
  const { items, next_cursor = null } = await body(api.GET('/api/v1/learning/corrections', { params: { query } }))
  return { items, next_cursor }
}

export function useReviewed(filter: Ref<Filter>) {
  const list = useInfiniteQuery({
    queryKey: computed(() => keys.reviewed({ ...filter.value })),
    queryFn: ({ pageParam }) => page(filter.value, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }: Page) => next_cursor,
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  })
  return { list, items: computed(() => list.data.value?.pages.flatMap(({ items }) => items) ?? []) }
}

export function useReviewCounts(enabled: Ref<boolean> = ref(true)) {
  return useQuery<CorrectionCounts>({
    queryKey: keys.reviewCounts,
    queryFn: () => body(api.GET('/api/v1/learning/counts')),
    enabled,
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  })
}

/** Which intents are taken for which, of the corrections in a state. */
export function usePairs(state: Ref<CorrectionState | ''>) {
  return useQuery<IntentPair[]>({
    queryKey: computed(() => keys.reviewPairs(state.value)),
    queryFn: () => body(api.GET('/api/v1/learning/pairs', { params: { query: { state: state.value || undefined } } })),
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  })
}

interface Reviewed {
  correction: string
  to: 'accept' | 'reject'
  note: string
}

/** Accept or reject. What no longer fits a list leaves it at once. */
export function useReview() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ correction, to, note }: Reviewed) => {
      const options = { params: { path: { correction } }, body: { note } }
      return body(to === 'accept' ? api.POST('/api/v1/learning/corrections/{correction}/accept', options) : api.POST('/api/v1/learning/corrections/{correction}/reject', options))
    },
    onSuccess: (one) => {
      for (const { queryKey } of client.getQueryCache().findAll({ queryKey: ['learning', 'corrections'] })) {
        const filter = queryKey[2] as unknown as Filter
        const put = ({ items, ...rest }: Page): Page => ({ ...rest, items: items.flatMap((other) => (other.id !== one.id ? [other] : fits(one, filter) ? [one] : [])) })
        client.setQueryData<InfiniteData<Page>>(queryKey, (had) => had && { ...had, pages: had.pages.map(put) })
      }
    },
    onError: tellProblem,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.reviewCounts })
      void client.invalidateQueries({ queryKey: ['learning', 'pairs'] })
    },
  })
}
