import { body, type PersonContext } from '@jieli/api'
import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'

export function useContext(person: Ref<string>) {
  return useQuery<PersonContext>({
    queryKey: computed(() => keys.context(person.value)),
    queryFn: () => body(api.GET('/api/v1/persons/{person}/context', { params: { path: { person: person.value } } })),
    refetchInterval: 120_000, // facts have an age
  })
}

export function useJourney(person: Ref<string>) {
  return useQuery({
    queryKey: computed(() => keys.journey(person.value)),
    queryFn: () => body(api.GET('/api/v1/persons/{person}/journey', { params: { path: { person: person.value } } })),
  })
}

/** One private value, with the reason that goes into the audit trail. Never cached. */
export function useReveal() {
  return useMutation({
    mutationFn: ({ id, field, reason }: { id: string; field: string; reason: string }) =>
      body(api.POST('/api/v1/persons/{person}/reveal', { params: { path: { person: id } }, body: { field, reason } })),
    gcTime: 0,
  })
}
