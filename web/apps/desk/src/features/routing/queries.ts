import { body, type PresenceState, type Seat } from '@jieli/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { tellProblem } from '../../app/problems'

/** The signed-in person's own seat; null for those who take no conversations. */
export function useSeat() {
  return useQuery<Seat | null>({ queryKey: keys.seat, queryFn: () => body(api.GET('/api/v1/me/presence')) })
}

export function usePresence() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (state: PresenceState) => body(api.PUT('/api/v1/me/presence', { body: { state } })),
    onSuccess: (seat) => client.setQueryData(keys.seat, seat),
    onError: tellProblem,
  })
}

export function useQueues() {
  return useQuery({ queryKey: keys.queues, queryFn: () => body(api.GET('/api/v1/queues')) })
}

export function useAgents() {
  return useQuery({ queryKey: keys.agents, queryFn: () => body(api.GET('/api/v1/agents')) })
}
