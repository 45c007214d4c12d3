import { createRouter, createWebHashHistory } from 'vue-router'
import ChatPage from '../features/chat/ChatPage.vue'

export const router = createRouter({
  // A place within the page stands behind the hash: the server serves files, and WeChat signs the address without it.
  history: createWebHashHistory('/c/'),
  routes: [
    { path: '/', name: 'chat', component: ChatPage },
    { path: '/matters', name: 'matters', component: () => import('../features/matters/MattersPage.vue') },
    { path: '/orders', name: 'orders', component: () => import('../features/orders/OrdersPage.vue') },
    { path: '/promises', name: 'promises', component: () => import('../features/promises/PromisesPage.vue') },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})
