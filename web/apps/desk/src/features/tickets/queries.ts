import { body } from '@jieli/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { tellProblem } from '../../app/problems'

export function useTickets() {
  return useQuery({ queryKey: keys.tickets, queryFn: () => body(api.GET('/api/v1/tickets', { params: { query: { open: true } } })) })
}

export function useOpenTicket() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ticket: { person: string; conversation: string; title: string; severity: number }) => body(api.POST('/api/v1/tickets', { body: ticket })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.tickets })
      void client.invalidateQueries({ queryKey: ['context'] })
    },
    onError: tellProblem,
  })
}
