import type { Conversation, Message, Problem } from '@jieli/api'
import { computed, ref, watch, type Ref } from 'vue'
import { useDesk } from '../../app/desk'
import { newReplyKey, sensitiveWords, useNote, useReply } from './actions'

export type Mode = 'reply' | 'note'

export function lastInbound(messages: readonly Message[]): number {
  return messages.findLast((message) => message.direction === 'in')?.seq ?? 0
}

/** What is being written in one conversation, and what stands in the way of sending it. */
export function useComposer(conversation: Ref<Conversation>, messages: Ref<readonly Message[]>) {
  const desk = useDesk()
  const mode = ref<Mode>('reply')
  const problem = ref<Problem | null>(null)
  const badWords = ref<string[]>([])
  /** What the customer had said, and the version the conversation stood at, when this draft was begun */
  const seen = ref<{ seq: number; version: number } | null>(null)
  /** One key for one request: a retry of the same keeps it, and anything changed takes a new one */
  let tried = { request: '', key: '' }

  const draft = computed(() => `${conversation.value.id}:${mode.value}`)
  const text = computed({
    get: () => desk.drafts[draft.value] ?? '',
    set: (written: string) => {
      if (written) desk.drafts[draft.value] = written
      else delete desk.drafts[draft.value]
    },
  })

  function look(): void {
    seen.value = { seq: lastInbound(messages.value), version: conversation.value.version }
    problem.value = null
  }

  watch(
    () => text.value !== '' && messages.value.length > 0,
    (writing) => (writing ? look() : (seen.value = null)),
    { immediate: true },
  )
  watch(mode, () => (problem.value = null))

  /** Messages the customer sent since the draft was begun. */
  const newer = computed(() => {
    const from = seen.value?.seq
    if (from === undefined || mode.value === 'note') return 0
    return messages.value.filter((message) => message.direction === 'in' && message.seq > from).length
  })

  const reply = useReply()
  const note = useNote()
  const busy = computed(() => reply.isPending.value || note.isPending.value)

  /** The gate says only that it refused; which words it minds is asked for. */
  async function refused(refusal: Problem, sent: string): Promise<void> {
    badWords.value = refusal.code === 'not_sent' ? await sensitiveWords(sent).catch(() => []) : []
    problem.value = refusal
  }

  /** Sends what is written. Unless `anyway`, the server refuses when the customer wrote since the draft was begun. */
  function send(anyway = false): void {
    const words = text.value.trim()
    const { id } = conversation.value
    if (!words || busy.value) return
    problem.value = null
    const sent = draft.value
    const done = { onSuccess: () => void delete desk.drafts[sent] }
    if (mode.value === 'note') return note.mutate(
        { id, text: words },
        {
          onSuccess: () => {
            done.onSuccess()
            mode.value = 'reply' // the next words are for the customer again
          },
        },
      )
    const version = anyway ? undefined : (seen.value?.version ?? conversation.value.version)
    const request = `${id} ${version} ${words}`
    if (tried.request !== request) tried = { request, key: newReplyKey() }
    reply.mutate(
      { id, text: words, version, key: tried.key },
      { ...done, onError: (refusal) => void refused(refusal, words) },
    )
  }

  return { mode, text, problem, badWords, newer, busy, send, look }
}
