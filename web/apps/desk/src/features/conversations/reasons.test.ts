import { describe, expect, it } from 'vitest'
import { i18n } from '../../app/i18n'
import { reasonWords, whyWords } from './reasons'

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
