import { body, signOut as leave, type Me } from '@jieli/api'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { stopLive } from '../../app/live'

/** The signed-in person. */
export function useMe() {
  return useQuery<Me>({ queryKey: keys.me, queryFn: () => body(api.GET('/api/v1/me')), staleTime: Infinity })
}

/** Leaves nothing of this person behind for the next one at the same desk. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  const router = useRouter()
  return async () => {
    await leave()
    stopLive()
    sessionStorage.clear()
    client.clear()
    await router.replace({ name: 'sign-in' })
  }
}
