import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import enCommon from './en/common.json'
import enTold from './en/told.json'
import { lineWords, toldWords, type Told } from './told'
import zhCommon from './zh-CN/common.json'
import zhTold from './zh-CN/told.json'

const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { common: enCommon, told: enTold }, 'zh-CN': { common: zhCommon, told: zhTold } } })
const NOW = Date.parse('2026-11-18T14:00:00Z')

function words(locale: 'en' | 'zh-CN') {
  i18n.global.locale.value = locale
  const { t, te } = i18n.global
  return toldWords(locale, t as never, te, NOW)
}

const WANTS: Told = { code: 'summary.wants', slots: { intents: { list: [{ code: 'intent.track', slots: {} }, { code: 'intent.complaint' }], by: 'names' }, emotion: { code: 'emotion.angry' } } }
const MOVING: Told = {
  code: 'parcel.last',
  slots: { tracking: 'SF1', carrier: '云程速运', state: { code: 'parcel_state.in_transit' }, age: { ago: '2026-11-18T13:40:00Z' }, place: '杭州', text: '离开 @杭州 {转运} | 中心' },
}

describe('what was told', () => {
  it('is worded in the reader’s language', () => {
    expect(words('en').one(WANTS)).toBe('Wants: Tracking, Complaint (mood: Angry)')
    expect(words('zh-CN').one(WANTS)).toBe('诉求：查物流、投诉（情绪：生气）')
  })

  it('keeps what stands in it as it was written, and says how old it is by now', () => {
    expect(words('en').one(MOVING)).toBe('Your parcel SF1 (云程速运) is on its way; 20 min ago in 杭州: 离开 @杭州 {转运} | 中心.')
  })

  it('shows both languages of what has both', () => {
    const told = { code: 'tried.article', slots: { title: { zh: '退货政策', en: 'Returns' } } }
    expect(words('en').one(told)).toContain('Returns')
    expect(words('zh-CN').one(told)).toContain('退货政策')
  })

  it('falls back to the text where there are no codes', () => {
    expect(words('en').lines([], '客户：王先生')).toBe('客户：王先生')
    expect(words('en').lines(undefined, 'text')).toBe('text')
    expect(words('en').one(null, 'text')).toBe('text')
  })

  it('names a picture in a short line, and leaves what was written', () => {
    const te = (key: string) => key === 'desk.type.image'
    expect(lineWords('[图片]', () => 'Picture', te)).toBe('[Picture]')
    expect(lineWords('看 [图片]', () => 'Picture', te)).toBe('看 [图片]')
    expect(lineWords('[笑]', () => 'Picture', te)).toBe('[笑]')
  })

  it('shows a code it has no words for by its name', () => {
    expect(words('en').one({ code: 'intent.rent_a_boat' })).toBe('rent_a_boat')
  })
})
