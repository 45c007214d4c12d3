import type { CorrectionView, Decision, Message, MessageCorrections, ShadowExample } from '@jieli/api'
import openapi from '@jieli/api/openapi.json'
import { describe, expect, it } from 'vitest'
import { i18n } from '../../app/i18n'
import { figureName, inOrder, shown, shownChange, verdictOf } from './figures'
import { ALL_INTENTS, fitting, furtherGuesses, grouped } from './intents'
import { addressOf, filterOf, fits } from './reviewing'
import { foreseen, isNews, wordFor } from './saying'
import { examplesOf } from './shadows'

const { t, te } = i18n.global
const nameOf = (intent: string) => t(`common.intent.${intent}`)
const decision = { intent: 'track', emotion: 'calm', confidence: 0.6, model: 'm-1', reasons: ['intent:track', 'further_intent', 'intent:refund_status', 'wording:urge', 'emotion:calm'] } as Decision
const message = { id: 'm1', conversation: 'talk' } as Message
const say = (intent: string, emotion = '', note = '') => ({ message, decision, intent, emotion, note })
const me = { id: 'lin', name: '林' }

describe('the intents to choose from', () => {
  it('are all there once, the guesses of the model first and then the family of what it found', () => {
    const groups = grouped(furtherGuesses(decision), 'track')
    expect(groups[0]).toEqual({ family: 'likely', intents: ['refund_status', 'urge'] })
    expect(groups[1]!.family).toBe('order')
    const all = groups.flatMap(({ intents }) => intents)
    expect(all.toSorted()).toEqual(openapi.components.schemas.Intent.enum.toSorted())
    expect(all).toHaveLength(ALL_INTENTS.length)
  })

  it.each(['zh-CN', 'en'] as const)('have names in %s', (locale) => {
    i18n.global.locale.value = locale
    expect(ALL_INTENTS.filter((intent) => !te(`common.intent.${intent}`))).toEqual([])
  })

  it('are found by a part of their name, or by their code', () => {
    i18n.global.locale.value = 'zh-CN'
    const found = (words: string) => fitting(grouped([], 'track'), words, nameOf).flatMap(({ intents }) => intents)
    expect(found('退款')).toEqual(['refund_status'])
    expect(found('refund st')).toEqual(['refund_status'])
    expect(found(' ')).toHaveLength(ALL_INTENTS.length)
    expect(found('火星')).toEqual([])
  })
})

describe('what an agent says', () => {
  const theirs = { id: 'c1', agent: { id: 'zhou', name: '周' }, intent: 'urge', emotion: '', right: false, state: 'accepted', at: '2026-01-01T00:00:00Z' } as const
  const before: MessageCorrections = { message: 'm1', conversation: 'talk', found_intent: 'track', found_emotion: 'calm', found_confidence: 0.6, model: 'm-1', corrections: [theirs] }

  it.each([
    ['track', 'calm', 'confirmed'],
    ['', 'calm', 'confirmed'],
    ['refund_status', '', 'waiting'],
    ['track', 'angry', 'waiting'],
  ])('%s and %s will be %s', (intent, emotion, state) => {
    const { corrections } = foreseen(before, say(intent, emotion), me, 'now')
    expect(corrections.map((one) => one.agent.id)).toEqual(['lin', 'zhou'])
    expect(corrections[0]).toMatchObject({ state, right: state === 'confirmed' })
  })

  it('takes the place of what the same agent said before', () => {
    const once = foreseen(undefined, say('urge'), me, 'now')
    const twice = foreseen(once, say('refund_status'), me, 'later')
    expect(twice.corrections.map(({ intent }) => intent)).toEqual(['refund_status'])
    expect(wordFor(foreseen(before, say('urge'), me, 'now'), 'lin')?.agent.id).toBe('lin')
    expect(wordFor(before, 'lin')?.agent.id).toBe('zhou')
  })

  it('is said only where it is news', () => {
    const mine = { ...theirs, agent: me }
    expect(isNews({ intent: '', emotion: '', note: 'x' }, undefined)).toBe(false)
    expect(isNews({ intent: 'urge', emotion: '', note: '' }, undefined)).toBe(true)
    expect(isNews({ intent: 'urge', emotion: '', note: '' }, mine)).toBe(false)
    expect(isNews({ intent: 'urge', emotion: '', note: '因为' }, mine)).toBe(true)
    expect(isNews({ intent: 'urge', emotion: 'angry', note: '' }, mine)).toBe(true)
  })
})

describe('the filter of a review', () => {
  it.each([
    [{}, { state: 'waiting', brand: '', found: '', said: '' }],
    [{ state: 'any' }, { state: '', brand: '', found: '', said: '' }],
    [{ state: 'accepted', found: 'track', said: 'urge', brand: 'b' }, { state: 'accepted', brand: 'b', found: 'track', said: 'urge' }],
  ] as const)('of %o is its address again', (query, filter) => {
    expect(filterOf(query)).toEqual(filter)
    expect(addressOf(filter)).toEqual(query)
  })

  it('lets a correction go that no longer fits', () => {
    const one = { state: 'accepted', brand: '', found_intent: 'track', intent: 'urge' } as CorrectionView
    expect(fits(one, filterOf({}))).toBe(false)
    expect(fits(one, filterOf({ state: 'any', said: 'urge' }))).toBe(true)
    expect(fits(one, filterOf({ state: 'any', found: 'urge' }))).toBe(false)
  })
})

describe('the figures of a candidate', () => {
  it.each([
    ['intent.accuracy', 0.02, 'better'],
    ['intent.accuracy', -0.02, 'worse'],
    ['intent.ece', 0.02, 'worse'],
    ['intent.ece', -0.02, 'better'],
    ['intent.macro_f1', 0.004, 'same'],
    ['intent.macro_f1', null, 'unknown'],
  ] as const)('%s by %d is %s', (name, change, verdict) => {
    expect(verdictOf({ name, change })).toBe(verdict)
  })

  it('are named, in order, in units that people read', () => {
    i18n.global.locale.value = 'en'
    expect(inOrder([{ name: 'else' }, { name: 'emotion.macro_f1' }, { name: 'intent.accuracy' }]).map(({ name }) => figureName(name, t as never, te as never))).toEqual(['Intent accuracy', 'Emotion macro F1', 'else'])
    expect([shown('intent.accuracy', 0.7412), shown('intent.ece', 0.0312), shownChange('intent.accuracy', -0.012), shownChange('intent.ece', 0.004)]).toEqual(['74.1%', '0.031', '−1.2', '+0.004'])
  })

  it('are shown with the very turns behind a pair', () => {
    const line = (live: string, candidate: string, feels = 'calm') => ({ live_intent: live, candidate_intent: candidate, live_emotion: 'calm', candidate_emotion: feels }) as ShadowExample
    const examples = [line('track', 'urge'), line('track', 'track', 'angry'), line('urge', 'track')]
    expect(examplesOf({ examples }, null)).toHaveLength(3)
    expect(examplesOf({ examples }, { kind: 'intent', live: 'track', candidate: 'urge', times: 1 })).toEqual([examples[0]])
    expect(examplesOf({ examples }, { kind: 'emotion', live: 'calm', candidate: 'angry', times: 1 })).toEqual([examples[1]])
  })
})
