import { body, snapshot, type Emotion, type Intent, type Me, type MessageCorrections, type Problem, type Snapshot } from '@jieli/api'
import { withCorrections } from '@jieli/live'
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '../../app/api'
import { keys } from '../../app/keys'
import { heard, settled } from '../../app/live'
import { tellProblem } from '../../app/problems'
import { foreseen, type Say } from './saying'

type Judged = readonly MessageCorrections[]

/** What colleagues said of what the model found in one message; null while nobody has. */
export function useSaid(conversation: Ref<string>, message: Ref<string>) {
  const client = useQueryClient()
  const queryKey = computed(() => keys.corrections(conversation.value))
  return useQuery({
    queryKey,
    queryFn: async (): Promise<Snapshot<Judged>> => {
      const [key, talk] = [queryKey.value, conversation.value]
      await heard(`conversation:${talk}`, () => void client.invalidateQueries({ queryKey: key }))
      return settled(key, await snapshot<Judged>(api.GET('/api/v1/conversations/{conversation}/corrections', { params: { path: { conversation: talk } } })))
    },
    select: ({ data }: Snapshot<Judged>) => data.find((one) => one.message === message.value) ?? null,
  })
}

function judgedOf(client: QueryClient, talk: string): Judged | undefined {
  return client.getQueryData<Snapshot<Judged>>(keys.corrections(talk))?.data
}

function put(client: QueryClient, talk: string, change: (judged: Judged) => Judged): void {
  client.setQueryData<Snapshot<Judged>>(keys.corrections(talk), (had) => had && { ...had, data: change(had.data) })
}

/** Say what a message means. It shows at once, and is taken back where the server refuses it. */
export function useSay() {
  const client = useQueryClient()
  return useMutation<MessageCorrections, Problem, Say, MessageCorrections | undefined>({
    mutationFn: ({ message, intent, emotion, note }) =>
      body(
        api.POST('/api/v1/messages/{message}/correction', {
          params: { path: { message: message.id } },
          body: { intent: (intent as Intent) || null, emotion: (emotion as Emotion) || null, note: note.trim() },
        }),
      ),
    onMutate: (say) => {
      const talk = say.message.conversation
      const before = judgedOf(client, talk)?.find(({ message }) => message === say.message.id)
      const me = client.getQueryData<Me>(keys.me)
      if (me) put(client, talk, (judged) => withCorrections(judged, foreseen(before, say, me, new Date().toISOString())))
      return before
    },
    onSuccess: (one) => put(client, one.conversation, (judged) => withCorrections(judged, one)),
    onError: (problem, { message }, before) => {
      put(client, message.conversation, (judged) => (before ? withCorrections(judged, before) : judged.filter((one) => one.message !== message.id)))
      tellProblem(problem)
    },
  })
}
