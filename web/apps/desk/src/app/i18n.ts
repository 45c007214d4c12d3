import { createWords, setLocale, type Locale } from '@jieli/words'
import en from '@jieli/words/src/en/desk.json'
import zh from '@jieli/words/src/zh-CN/desk.json'

export const i18n = createWords({ 'zh-CN': { desk: zh }, en: { desk: en } })

export function chooseLocale(locale: Locale): void {
  setLocale(i18n, locale)
}
