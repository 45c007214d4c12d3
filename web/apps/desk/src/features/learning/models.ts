import { body, type Candidate, type CandidateDetail, type LiveModel, type Promotion } from '@jieli/api'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { tellProblem } from '../../app/problems'

interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

/** While one is trained, its progress is looked at this often. */
const PROGRESS_MS = 5_000

export function isUnderway({ state }: Pick<Candidate, 'state'>): boolean {
  return state === 'waiting' || state === 'training'
}

export function mayPromote({ state }: Pick<Candidate, 'state'>): boolean {
  return state === 'ready' || state === 'shadow' || state === 'retired'
}

/** Which model answers, and how often it was right. */
export function useLiveModel() {
  return useQuery<LiveModel>({ queryKey: keys.model, queryFn: () => body(api.GET('/api/v1/learning/live')), refetchInterval: 60_000 })
}

function paged<T>(queryKey: readonly unknown[], page: (cursor: string) => Promise<Page<T>>, again: (items: T[]) => number | false = () => false) {
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor }: Page<T>) => next_cursor,
    refetchInterval: ({ state }) => again(state.data?.pages.flatMap(({ items }) => items) ?? []),
  })
  return { list, items: computed(() => list.data.value?.pages.flatMap(({ items }) => items) ?? []) }
}

export function useCandidates() {
  const page = (cursor: string): Promise<Page<Candidate>> => body(api.GET('/api/v1/learning/candidates', { params: { query: { cursor } } }))
  return paged([...keys.candidates, 'list'], page, (items) => items.some(isUnderway) && PROGRESS_MS)
}

export function usePromotions() {
  const page = (cursor: string): Promise<Page<Promotion>> => body(api.GET('/api/v1/learning/promotions', { params: { query: { cursor } } }))
  return paged(keys.promotions, page)
}

/** A candidate beside the live model. A shadow reads on without an event, so its report is looked at now and then. */
export function useCandidate(id: Ref<string>) {
  return useQuery<CandidateDetail>({
    queryKey: computed(() => keys.candidate(id.value)),
    queryFn: () => body(api.GET('/api/v1/learning/candidates/{candidate}', { params: { path: { candidate: id.value } } })),
    refetchInterval: ({ state }) => (state.data?.shadow.running ? 15_000 : false),
  })
}

/** A command on models: whatever comes of it, what is shown is fetched anew. */
function useCommand<Wanted, Answer>(command: (wanted: Wanted) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: command,
    onError: tellProblem,
    onSettled: () => Promise.all([keys.model, keys.candidates, keys.promotions].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

const of = (candidate: string) => ({ params: { path: { candidate } } })

export function useAsk() {
  return useCommand((brand: string) => body(api.POST('/api/v1/learning/candidates', { body: { brand } })))
}

export function useShadow() {
  return useCommand(({ id, on }: { id: string; on: boolean }) =>
    body(on ? api.POST('/api/v1/learning/candidates/{candidate}/shadow', of(id)) : api.POST('/api/v1/learning/candidates/{candidate}/end-shadow', of(id))),
  )
}

export function usePromote() {
  return useCommand(({ id, why }: { id: string; why: string }) => body(api.POST('/api/v1/learning/candidates/{candidate}/promote', { ...of(id), body: { why } })))
}

export function useRollBack() {
  return useCommand((why: string) => body(api.POST('/api/v1/learning/live/roll-back', { body: { why } })))
}
