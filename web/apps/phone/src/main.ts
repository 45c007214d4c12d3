import '@jieli/ui/base.css'
import './app/vant.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './app/i18n'
import { queryClient } from './app/query'
import { router } from './app/router'

createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
