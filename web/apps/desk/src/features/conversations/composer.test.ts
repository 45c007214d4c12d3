import { Problem, type Conversation, type Message } from '@jieli/api'
import { flushPromises, mount } from '@vue/test-utils'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { useComposer } from './composer'

const { post } = vi.hoisted(() => ({ post: vi.fn() }))
vi.mock('../../app/api', () => ({ api: { POST: post } }))

const said = (seq: number) => ({ id: `m${seq}`, seq, direction: 'in' }) as Message

function compose() {
  const conversation = ref({ id: 'c1', version: 3 } as Conversation)
  const messages = ref<Message[]>([said(1)])
  let composer!: ReturnType<typeof useComposer>
  const Host = defineComponent({
    setup() {
      composer = useComposer(conversation, messages)
      return () => null
    },
  })
  mount(Host, { global: { plugins: [createPinia(), VueQueryPlugin] } })
  return { conversation, messages, composer }
}

const sent = (call = -1) => post.mock.calls.at(call)![1] as { body: { text: string; expected_version?: number }; headers: Record<string, string> }

beforeEach(() => {
  sessionStorage.clear()
  post.mockReset().mockResolvedValue({ data: { id: 'm9' } })
})

describe('a reply', () => {
  it('goes out with the version its writer saw, also when the customer wrote since', async () => {
    const { conversation, messages, composer } = compose()
    composer.text.value = '好的'
    await flushPromises()
    messages.value = [said(1), said(2)]
    conversation.value = { ...conversation.value, version: 4 }
    await flushPromises()
    expect(composer.newer.value).toBe(1)
    composer.send()
    await flushPromises()
    expect(sent().body).toEqual({ text: '好的', expected_version: 3 })
  })

  it('goes out with the new version once its writer has looked, and as another request', async () => {
    const { conversation, messages, composer } = compose()
    post.mockRejectedValueOnce(new Problem(409, 'customer_wrote_again', ''))
    composer.text.value = '好的'
    await flushPromises()
    composer.send()
    await flushPromises()
    expect(composer.problem.value?.code).toBe('customer_wrote_again')
    messages.value = [said(1), said(2)]
    conversation.value = { ...conversation.value, version: 4 }
    composer.look()
    composer.send()
    await flushPromises()
    expect(sent().body.expected_version).toBe(4)
    expect(sent().headers['Idempotency-Key']).not.toBe(sent(0).headers['Idempotency-Key'])
  })

  it('keeps its words and its key when nothing answered, so that it cannot go out twice', async () => {
    const { composer } = compose()
    post.mockRejectedValueOnce(Problem.offline())
    composer.text.value = '好的'
    await flushPromises()
    composer.send()
    await flushPromises()
    expect(composer.text.value).toBe('好的')
    composer.send()
    await flushPromises()
    expect(sent().headers['Idempotency-Key']).toBe(sent(0).headers['Idempotency-Key'])
    expect(composer.text.value).toBe('')
  })

  it('names the words that kept it from leaving', async () => {
    const { composer } = compose()
    post.mockRejectedValueOnce(new Problem(409, 'not_sent', '')).mockResolvedValueOnce({ data: [{ word: '最低价', at: 0, blocks: true }] })
    composer.text.value = '全网最低价'
    await flushPromises()
    composer.send()
    await flushPromises()
    expect(composer.badWords.value).toEqual(['最低价'])
  })

  it('is not mistaken for a note, nor a note for a reply', async () => {
    const { composer } = compose()
    composer.mode.value = 'note'
    composer.text.value = '客户着急'
    composer.send()
    await flushPromises()
    expect(post.mock.calls[0]![0]).toContain('/note')
    expect(composer.mode.value).toBe('reply')
    expect(composer.text.value).toBe('')
  })
})
