import { createWords, setLocale, type Locale } from '@jieli/words'
import en from '@jieli/words/src/en/desk.json'
import enTold from '@jieli/words/src/en/told.json'
import zh from '@jieli/words/src/zh-CN/desk.json'
import zhTold from '@jieli/words/src/zh-CN/told.json'

export const i18n = createWords({ 'zh-CN': { desk: zh, told: zhTold }, en: { desk: en, told: enTold } })

export function chooseLocale(locale: Locale): void {
  setLocale(i18n, locale)
}
