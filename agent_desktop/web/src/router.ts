/** Page addresses; the server answers each of them with this app (`agent_desktop/spa.py`). */
import { createRouter, createWebHistory } from 'vue-router'
import { whenLoggedOut } from '@/api/http'
import { account, forgetMe, loadMe } from '@/desk/account'
import { firstTab } from '@/replay/tabs'
import { firstPage } from '@/shell/pages'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: () => import('@/pages/LoginPage.vue'), meta: { open: true } },
    { path: '/phone', name: 'phone', component: () => import('@/pages/CitizenPage.vue'), meta: { open: true } },
    { path: '/progress', name: 'progress', component: () => import('@/pages/ProgressPage.vue'), meta: { open: true } },
    {
      path: '/',
      component: () => import('@/shell/DeskShell.vue'),
      children: [
        { path: '', redirect: firstPage },
        { path: 'desk', name: 'desk', component: () => import('@/pages/DeskPage.vue') },
        { path: 'calls/:contactId?', name: 'calls', component: () => import('@/pages/CallsPage.vue'), props: true },
        {
          path: 'voicemail/:voicemailId?',
          name: 'voicemail',
          component: () => import('@/pages/VoicemailPage.vue'),
          props: true,
        },
        { path: 'floor', name: 'floor', component: () => import('@/pages/FloorPage.vue') },
        { path: 'survey', name: 'survey', component: () => import('@/pages/SurveyPage.vue') },
        { path: 'tickets', name: 'tickets', component: () => import('@/pages/TicketsPage.vue') },
        { path: 'tickets/new', name: 'letter', component: () => import('@/pages/LetterPage.vue') },
        { path: 'tickets/:ticketId', name: 'ticket', component: () => import('@/pages/TicketPage.vue'), props: true },
        { path: 'inbox', name: 'inbox', component: () => import('@/pages/InboxPage.vue') },
        { path: 'dispatch', name: 'dispatch', component: () => import('@/pages/DispatchPage.vue') },
        { path: 'supervision', name: 'supervision', component: () => import('@/pages/SupervisionPage.vue') },
        { path: 'statistics', name: 'statistics', component: () => import('@/pages/StatisticsPage.vue') },
        { path: 'knowledge', name: 'knowledge', component: () => import('@/pages/KnowledgePage.vue') },
        { path: 'callers', name: 'callers', component: () => import('@/pages/CallersPage.vue') },
        { path: 'recusals', name: 'recusals', component: () => import('@/pages/RecusalsPage.vue') },
        { path: 'rules', name: 'rules', component: () => import('@/pages/RulesPage.vue') },
        {
          path: 'recordings',
          component: () => import('@/pages/RecordingsPage.vue'),
          children: [
            { path: '', name: 'recordings', component: () => import('@/pages/ListenedPage.vue') },
            { path: 'replay/:recordingId?', name: 'replay', component: () => import('@/pages/ReplayPage.vue'), props: true },
            { path: 'quality/:reviewId?', name: 'quality', component: () => import('@/pages/QualityPage.vue'), props: true },
            { path: 'keeping', name: 'keeping', component: () => import('@/pages/KeepingPage.vue') },
            { path: 'listened', name: 'listened', component: () => import('@/pages/ListenedPage.vue') },
          ],
        },
        { path: 'office', name: 'office', component: () => import('@/pages/OfficePage.vue') },
        { path: 'ledger', name: 'ledger', component: () => import('@/pages/LedgerPage.vue') },
      ],
    },
    { path: '/:rest(.*)*', redirect: '/desk' },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  const me = account.me ?? (await loadMe().catch(() => null))
  // Who has no place at the telephones starts where the work is.
  if (me && !me.agent && to.name === 'desk') return firstPage()
  if (me && to.name === 'recordings') return firstTab()
  return me ? true : { name: 'login', query: to.path === '/desk' ? {} : { next: to.fullPath } }
})

whenLoggedOut(() => {
  if (!account.me) return
  forgetMe()
  void router.push({ name: 'login', query: { ended: '1' } })
})
