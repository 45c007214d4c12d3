import '@jieli/ui/base.css'
import { Problem } from '@jieli/api'
import { createWords } from '@jieli/words'
import enPhone from '@jieli/words/src/en/phone.json'
import enWidget from '@jieli/words/src/en/widget.json'
import zhPhone from '@jieli/words/src/zh-CN/phone.json'
import zhWidget from '@jieli/words/src/zh-CN/widget.json'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import Frame from './Frame.vue'
import { asked } from './asked'
import { hear } from './host'

const words = { 'zh-CN': { phone: zhPhone, widget: zhWidget }, en: { phone: enPhone, widget: enWidget } }
const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 60_000, refetchOnWindowFocus: false, networkMode: 'always', retry: (n, error) => error instanceof Problem && error.transient && n < 3 },
  },
})

const i18n = createWords(words, asked.lang)
i18n.global.locale.value = asked.lang // the page around decides, not what was chosen elsewhere on this device
document.documentElement.lang = asked.lang
window.addEventListener('message', hear)
createApp(Frame).use(i18n).use(VueQueryPlugin, { queryClient }).mount('#app')
