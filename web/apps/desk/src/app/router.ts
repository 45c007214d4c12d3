import { mayBeSignedIn } from '@jieli/api'
import { createRouter, createWebHashHistory } from 'vue-router'

export const router = createRouter({
  // The server serves files and nothing else under /desk/; a place within the desk stands behind the hash.
  history: createWebHashHistory('/desk/'),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('../features/governance/SignInPage.vue') },
    {
      path: '/',
      component: () => import('../shell/Shell.vue'),
      children: [
        { path: '', redirect: { name: 'inbox', params: { view: 'mine' } } },
        { path: 'inbox/:view/:id?', name: 'inbox', component: () => import('../features/conversations/InboxPage.vue'), props: true },
        { path: 'tickets', name: 'tickets', component: () => import('../features/tickets/TicketsPage.vue') },
        { path: 'promises', name: 'promises', component: () => import('../features/promises/PromisesPage.vue') },
        { path: 'learning/:tab(review|models)?', name: 'learning', component: () => import('../features/learning/LearningPage.vue'), props: true },
        { path: 'knowledge', name: 'knowledge', component: () => import('../features/knowledge/KnowledgePage.vue') },
      ],
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach((to) => {
  if (to.name === 'sign-in') return mayBeSignedIn() ? '/' : true
  return mayBeSignedIn() || { name: 'sign-in', query: { next: to.fullPath } }
})
