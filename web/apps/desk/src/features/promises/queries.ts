import { body, type PromiseKind } from '@jieli/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { tellProblem } from '../../app/problems'

export function usePromises() {
  return useQuery({ queryKey: keys.promises, queryFn: () => body(api.GET('/api/v1/promises', { params: { query: { state: 'open' } } })) })
}

export function usePromise() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (promise: { person: string; conversation: string; what: string; kind: PromiseKind; due_at: string }) => body(api.POST('/api/v1/promises', { body: promise })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.promises })
      void client.invalidateQueries({ queryKey: ['context'] })
    },
    onError: tellProblem,
  })
}
