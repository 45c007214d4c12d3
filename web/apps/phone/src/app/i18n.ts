import { createWords } from '@jieli/words'
import en from '@jieli/words/src/en/phone.json'
import enTold from '@jieli/words/src/en/told.json'
import zh from '@jieli/words/src/zh-CN/phone.json'
import zhTold from '@jieli/words/src/zh-CN/told.json'
import { asked } from './address'

export const i18n = createWords({ 'zh-CN': { phone: zh, told: zhTold }, en: { phone: en, told: enTold } }, asked.lang || navigator.language)
