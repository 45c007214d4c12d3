import { body, uuid, type HandOverIn, type Problem } from '@jieli/api'
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { tellProblem } from '../../app/problems'

const at = (id: string) => ({ params: { path: { conversation: id } } })

/** The events that a command causes come by the live line; this is for when that is down. */
function changed(client: QueryClient, id: string): void {
  for (const queryKey of [keys.conversation(id), keys.handovers(id), ['cards'], keys.counts]) void client.invalidateQueries({ queryKey })
}

function said(client: QueryClient, id: string): void {
  void client.invalidateQueries({ queryKey: keys.thread(id) })
  void client.invalidateQueries({ queryKey: keys.conversation(id) })
}

export interface Reply {
  id: string
  text: string
  /** The version that the agent saw; without it the reply goes out whatever came since */
  version?: number
  /** Kept over retries, so that a reply whose answer was lost is not sent twice */
  key: string
}

export function newReplyKey(): string {
  return uuid()
}

export function useReply() {
  const client = useQueryClient()
  return useMutation<unknown, Problem, Reply>({
    mutationFn: ({ id, text, version, key }) =>
      body(
        api.POST('/api/v1/conversations/{conversation}/reply', {
          ...at(id),
          body: { text, expected_version: version },
          headers: { 'Idempotency-Key': key },
        }),
      ),
    onSettled: (_answer, _problem, { id }) => said(client, id),
  })
}

export function useNote() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, text }: { id: string; text: string }) =>
      body(api.POST('/api/v1/conversations/{conversation}/note', { ...at(id), body: { text } })),
    onSuccess: (_answer, { id }) => said(client, id),
    onError: tellProblem,
  })
}

/** A command that changes a conversation. Its answer says only that it is done. */
function useCommand<Wanted extends { id: string }>(command: (wanted: Wanted) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: command,
    onError: tellProblem,
    onSettled: (_answer, _problem, { id }) => changed(client, id), // refused, too: what is shown was out of date
  })
}

export function useTake() {
  return useCommand(({ id }: { id: string }) => body(api.POST('/api/v1/conversations/{conversation}/take', at(id))))
}

export function useHandOver() {
  return useCommand(({ id, ...to }: HandOverIn & { id: string }) =>
    body(api.POST('/api/v1/conversations/{conversation}/hand-over', { ...at(id), body: to })),
  )
}

export function useClose() {
  return useCommand(({ id, wrapUp }: { id: string; wrapUp: string }) =>
    body(api.POST('/api/v1/conversations/{conversation}/close', { ...at(id), body: { wrap_up: wrapUp } })),
  )
}

export function useSnooze() {
  return useCommand(({ id, until }: { id: string; until: string }) =>
    body(api.POST('/api/v1/conversations/{conversation}/snooze', { ...at(id), body: { until } })),
  )
}

export function useCorrect() {
  return useCommand(({ id, intent = '', emotion = '' }: { id: string; intent?: string; emotion?: string }) =>
    body(api.POST('/api/v1/conversations/{conversation}/correct', { ...at(id), body: { intent, emotion } })),
  )
}

/** The words of a text that may not go out to customers. */
export async function sensitiveWords(text: string): Promise<string[]> {
  // The contract has two schemas named `Text` and shows the other one here.
  const hits = await body(api.POST('/api/v1/channels/sensitive-words/check', { body: { text } as never }))
  return [...new Set(hits.filter((hit) => hit.blocks).map((hit) => hit.word))]
}
