import { computed, type ComputedRef, type Ref } from 'vue'

interface Query {
  isPending: Ref<boolean>
  error: Ref<Error | null>
  data: Ref<unknown>
  refetch: () => Promise<unknown>
}

/** What `ListPage` needs to know of a query. */
export function useListState(query: Query): ComputedRef<{ isPending: boolean; error: Error | null; hasData: boolean; refetch: () => Promise<unknown> }> {
  return computed(() => ({
    isPending: query.isPending.value,
    error: query.error.value,
    hasData: query.data.value !== undefined,
    refetch: () => query.refetch(),
  }))
}
