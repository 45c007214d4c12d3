import '@jieli/ui/base.css'
import { createWords } from '@jieli/words'
import en from '@jieli/words/src/en/widget.json'
import zh from '@jieli/words/src/zh-CN/widget.json'
import { createApp } from 'vue'
import DemoShop from './DemoShop.vue'

const lang = new URLSearchParams(location.search).get('lang') ?? 'zh-CN'
const i18n = createWords({ 'zh-CN': { widget: zh }, en: { widget: en } }, lang)
i18n.global.locale.value = lang === 'en' ? 'en' : 'zh-CN'
document.documentElement.lang = i18n.global.locale.value
createApp(DemoShop).use(i18n).mount('#app')
