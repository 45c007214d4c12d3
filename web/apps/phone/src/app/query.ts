import { Problem } from '@jieli/api'
import { QueryClient } from '@tanstack/vue-query'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      // Ask even where the browser believes it is offline: web views are often wrong about it.
      networkMode: 'always',
      retry: (failures, error) => error instanceof Problem && error.transient && failures < 3,
    },
  },
})
