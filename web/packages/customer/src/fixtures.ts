import type { MatterStatus, Message, Place, PromiseToMe } from '@jieli/api'

/** Made-up rows for the tests of the customer's apps. */
export function mine(n: number, more: Partial<Message> = {}): Message {
  return {
    id: `m-${String(n).padStart(3, '0')}`,
    conversation: 'c1',
    seq: n,
    direction: 'in',
    author: { kind: 'customer', name: '' },
    channel: null,
    type: 'text',
    text: `第 ${n} 条`,
    content: {},
    at: new Date(Date.UTC(2026, 2, 1, 2, n)).toISOString(),
    delivery: null,
    sources: [],
    decision: null,
    inbox: `row-${n}`,
    ...more,
  }
}

export function answer(n: number, more: Partial<Message> = {}): Message {
  return mine(n, { direction: 'out', author: { kind: 'bot', name: '' }, inbox: null, ...more })
}

export function matter(id: string, more: Partial<MatterStatus> = {}): MatterStatus {
  return {
    id,
    kind: 'conversation',
    title: '',
    open: true,
    holder: 'bot',
    holder_name: '',
    next_step: 'bot.answer',
    due_at: '2026-03-01T03:00:00Z',
    opened_at: '2026-03-01T01:00:00Z',
    closed_at: null,
    history: [],
    ...more,
  }
}

export function promise(id: string, more: Partial<PromiseToMe> = {}): PromiseToMe {
  return {
    id,
    what: '48 小时内发货',
    kind: 'ship_by',
    made_by: 'host',
    made_at: '2026-03-01T01:00:00Z',
    due_at: '2026-03-03T01:00:00Z',
    state: 'open',
    settled_at: null,
    order: '',
    compensation: '',
    extended: 0,
    ...more,
  }
}

export function place(conversation: string, position: number): Place {
  return { conversation, queue: 'general', position, expected_wait_s: position * 120, due_at: '2026-03-01T03:00:00Z' }
}
