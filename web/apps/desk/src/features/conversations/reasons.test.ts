import { describe, expect, it } from 'vitest'
import { i18n } from '../../app/i18n'
import { reasonWords, toldReasons, whyWords } from './reasons'

const { t, te } = i18n.global
const of = (reason: string) => reasonWords(reason, t as never, te as never)
const why = (text: string) => whyWords(text, t as never, te as never)

describe('the reasons of a decision', () => {
  it('are said in the reader’s language, with what was found', () => {
    i18n.global.locale.value = 'en'
    expect(of('already_waiting')).toBe('Waits already')
    expect(of('intent:track')).toBe('Intent · Tracking')
    expect(of('fact:parcel')).toBe('From a fact · parcel')
    expect(of('unknown_because:slow')).toBe('No answer because · it was too slow')
    expect(of('hand_over:asked')).toBe('Handed over · The customer asked for a person')
    expect(of('article:washer-no-drain')).toBe('Article · washer-no-drain')
  })

  it('name what they rest on by its title, and no keys of the machine', () => {
    i18n.global.locale.value = 'en'
    expect(reasonWords('article:washer-no-drain', t as never, te as never, new Map([['washer-no-drain', 'It does not drain']]))).toBe('Article · It does not drain')
    expect(of('rejected:low_confidence')).toBe('Too little to go by · Not certain enough')
    expect(of('session:0199aa')).toBe('Livestream')
    expect(of('reception_failed:KeyError')).toBe('Could not be handled by itself')
  })

  it('do not repeat what stands above them', () => {
    i18n.global.locale.value = 'en'
    const told = (reasons: string[]) => toldReasons({ reasons, intent: 'track', emotion: 'calm' }, t as never, te as never)
    expect(told(['fact:parcel', 'further_intent', 'intent:urge', 'intent:track', 'emotion:calm'])).toEqual(['From a fact · parcel', 'Intent · Urging'])
    expect(told(['intent:track'])).toEqual(['Intent · Tracking'])
    expect(told(['hand_over:no_answer', 'no_answer', 'urges'])).toEqual(['Handed over · No answer to be sure of', 'The customer urges'])
  })

  it('keep the words of the customer that they rest on', () => {
    i18n.global.locale.value = 'en'
    expect(of('threat:投诉')).toBe('Threatens · 投诉')
  })

  it('have words in both languages', () => {
    i18n.global.locale.value = 'zh-CN'
    expect(of('fact:parcel')).toBe('依据事实 · 包裹物流')
    expect(of('exclaims')).not.toMatch(/[a-z]/)
  })
})

describe('why a baton was passed', () => {
  it('is said from its codes, and left as a person wrote it', () => {
    i18n.global.locale.value = 'en'
    expect(why('escalated: due')).toBe('Escalated · Past its time')
    expect(why('customer_silent')).toBe('The customer has not answered')
    expect(why('低温: 请尽快')).toBe('低温: 请尽快')
  })
})
