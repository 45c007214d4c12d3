import type { Card, Message } from '@jieli/api'

/** Made-up rows for the tests of this package. */
export function card(id: string, more: Partial<Card> = {}): Card {
  return {
    id,
    person: { id: `p-${id}`, name_masked: '林*', tier: 'gold' },
    channel: { id: 'ch', kind: 'wechat', name: '云栖家电' },
    intent: 'track',
    emotion: 'calm',
    priority: 50,
    last_line: '到哪了',
    last_by: 'customer',
    last_at: '2026-03-01T02:00:00Z',
    unread: 1,
    holder: { kind: 'agent', id: 'me', name: '许晴' },
    next_step: { code: 'reply', text: '回复客户' },
    due_at: '2026-03-01T03:00:00Z',
    queue: 'logistics',
    assignee: 'me',
    window: null,
    state: 'open',
    version: 3,
    snoozed_until: null,
    opened_at: '2026-03-01T01:00:00Z',
    ...more,
  }
}

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m-${seq}`,
    conversation: 'c1',
    seq,
    direction: 'in',
    author: { kind: 'customer', name: '林*' },
    channel: null,
    type: 'text',
    text: `第 ${seq} 条`,
    content: {},
    at: '2026-03-01T02:00:00Z',
    delivery: null,
    sources: [],
    decision: null,
    ...more,
  }
}
