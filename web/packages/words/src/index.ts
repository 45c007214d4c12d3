import { createI18n, type I18n } from 'vue-i18n'
import enCommon from './en/common.json'
import zhCommon from './zh-CN/common.json'

export { useI18n } from 'vue-i18n'
export * from './time'
export * from './told'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

const STORED = 'jieli.locale'

/** Words as they lie in the JSON files: text, or a group of words. */
export interface Words {
  [key: string]: string | Words
}

export type JieliI18n = I18n<Record<Locale, Words>, Record<string, unknown>, Record<string, unknown>, Locale, false>

/** The nearest language that Jieli speaks; Chinese when none is. */
export function nearestLocale(wanted: string | null | undefined): Locale {
  return wanted?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

/** What somebody chose on this device, if anything. */
export function chosenLocale(): Locale | null {
  const chosen = localStorage.getItem(STORED)
  return chosen === null ? null : nearestLocale(chosen)
}

/** What was chosen on this device, else what the page asks for, else Chinese. */
function firstLocale(asked?: string): Locale {
  return chosenLocale() ?? nearestLocale(asked)
}

/** All words of an app: the common ones under `common.`, its own under its own name. */
export function createWords(own: Record<Locale, Words>, asked?: string): JieliI18n {
  const i18n = createI18n({
    legacy: false,
    locale: firstLocale(asked),
    fallbackLocale: false,
    // A missing key is a defect that the completeness test finds; while developing it should also be seen.
    missingWarn: import.meta.env.DEV,
    messages: {
      'zh-CN': { common: zhCommon, ...own['zh-CN'] },
      en: { common: enCommon, ...own.en },
    },
  }) as unknown as JieliI18n
  document.documentElement.lang = i18n.global.locale.value
  return i18n
}

export function setLocale(i18n: JieliI18n, locale: Locale): void {
  i18n.global.locale.value = locale
  localStorage.setItem(STORED, locale)
  document.documentElement.lang = locale
}
