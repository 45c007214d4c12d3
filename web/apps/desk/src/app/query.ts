import { forgetSignIn, Problem } from '@jieli/api'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/vue-query'
import { router } from './router'

/** The session ended elsewhere: go to the door, and come back to the same place. */
function signedOut(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401) return
  forgetSignIn()
  const here = router.currentRoute.value
  if (here.name !== 'sign-in') void router.replace({ name: 'sign-in', query: { next: here.fullPath } })
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      // Live events keep what is shown true; fetching again on every focus would only cost.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof Problem && error.transient && failures < 3,
    },
    // A reply that cannot leave must say so at once, whatever the browser believes about the network.
    mutations: { retry: false, networkMode: 'always' },
  },
})
