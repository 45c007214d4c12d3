import '@jieli/ui/base.css'
import 'element-plus/theme-chalk/base.css'
import '@jieli/ui/element.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './app/i18n'
import { queryClient } from './app/query'
import { router } from './app/router'

createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
