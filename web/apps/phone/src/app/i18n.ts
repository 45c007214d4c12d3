import { createWords } from '@jieli/words'
import en from '@jieli/words/src/en/phone.json'
import zh from '@jieli/words/src/zh-CN/phone.json'
import { asked } from './address'

export const i18n = createWords({ 'zh-CN': { phone: zh }, en: { phone: en } }, asked.lang || navigator.language)
