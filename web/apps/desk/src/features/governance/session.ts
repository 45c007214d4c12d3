import { forgetSignIn, rememberSignIn, signOut as leave, snapshot, type Me } from '@jieli/api'
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { beginAt, stopLive } from '../../app/live'
import { tellProblem } from '../../app/problems'

async function fetchMe(): Promise<Me> {
  const { eventId, data } = await snapshot(api.GET('/api/v1/me'))
  beginAt(eventId)
  return data
}

/** The signed-in person. */
export function useMe() {
  return useQuery<Me>({ queryKey: keys.me, queryFn: fetchMe, staleTime: Infinity })
}

const LONGEST_MS = 3_000

/** What is under way is answered while the session lasts: afterwards the server could only refuse it. */
async function quiet(client: QueryClient): Promise<void> {
  const until = Date.now() + LONGEST_MS
  while ((client.isFetching() || client.isMutating()) && Date.now() < until) await new Promise((go) => setTimeout(go, 50))
}

/** Leaves nothing of this person behind for the next one at the same desk. The screens go first, so that none of them asks
    for something when the session has ended. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  const router = useRouter()
  return async () => {
    const { fullPath } = router.currentRoute.value
    forgetSignIn()
    await router.replace({ name: 'sign-in' })
    stopLive()
    await quiet(client)
    try {
      await leave()
    } catch (problem) {
      rememberSignIn()
      await router.replace(fullPath)
      return tellProblem(problem)
    }
    sessionStorage.clear()
    client.clear()
  }
}
