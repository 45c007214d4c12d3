import type { Card } from '@jieli/api'
import { useI18n } from '@jieli/words'
import { BookOpen, Handshake, Inbox, LogOut, MessageSquare, Moon, NotebookPen, ClipboardList, GraduationCap, UserRoundCheck } from '@lucide/vue'
import { computed, type Component, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useDesk, type Dialog } from '../app/desk'
import { useTheme } from '@jieli/ui'
import { useTake } from '../features/conversations/actions'
import { useCardSearch, VIEWS } from '../features/conversations/queries'
import { useMe, useSignOut } from '../features/governance/session'
import { mayReview } from '../features/learning/reviewing'

export interface Command {
  id: string
  title: string
  hint: string
  icon: Component
  run: () => void
}

/** What the palette offers for the words typed: actions on the open conversation, places, then conversations. */
export function useCommands(wanted: Ref<string>, open: Ref<boolean>) {
  const { t } = useI18n()
  const router = useRouter()
  const route = useRoute()
  const desk = useDesk()
  const { theme, setTheme } = useTheme()
  const signOut = useSignOut()
  const me = useMe()
  const take = useTake()
  const found = useCardSearch(wanted, open)

  const dialog = (name: Dialog) => () => (desk.dialog = name)

  const onOpen = computed<Command[]>(() => {
    const id = route.params.id as string | undefined
    if (!id) return []
    return [
      { id: 'take', title: t('desk.act.take'), hint: 'T', icon: UserRoundCheck, run: () => take.mutate({ id }) },
      { id: 'hand-over', title: t('desk.act.handOver'), hint: 'H', icon: Handshake, run: dialog('hand-over') },
      { id: 'ticket', title: t('desk.act.ticket'), hint: '⇧ T', icon: ClipboardList, run: dialog('ticket') },
      { id: 'promise', title: t('desk.act.promise'), hint: 'P', icon: NotebookPen, run: dialog('promise') },
      { id: 'close', title: t('desk.act.close'), hint: 'E', icon: UserRoundCheck, run: dialog('close') },
    ]
  })

  const places = computed<Command[]>(() => [
    ...VIEWS.map((view, at) => ({
      id: `view-${view}`,
      title: t(`desk.view.${view}`),
      hint: String(at + 1),
      icon: Inbox,
      run: () => void router.push({ name: 'inbox', params: { view } }),
    })),
    { id: 'tickets', title: t('desk.rail.tickets'), hint: '', icon: ClipboardList, run: () => void router.push({ name: 'tickets' }) },
    { id: 'promises', title: t('desk.rail.promises'), hint: '', icon: Handshake, run: () => void router.push({ name: 'promises' }) },
    { id: 'knowledge', title: t('desk.rail.knowledge'), hint: '', icon: BookOpen, run: () => void router.push({ name: 'knowledge' }) },
    ...(mayReview(me.data.value) ? [{ id: 'learning', title: t('desk.learning.title'), hint: '', icon: GraduationCap, run: () => void router.push({ name: 'learning' }) }] : []),
    {
      id: 'theme',
      title: t('desk.palette.theme'),
      hint: '',
      icon: Moon,
      run: () => setTheme(theme.value === 'dark' ? 'light' : 'dark'),
    },
    { id: 'sign-out', title: t('common.action.signOut'), hint: '', icon: LogOut, run: () => void signOut() },
  ])

  const conversation = (card: Card): Command => ({
    id: card.id,
    title: `${card.person.name_masked} · ${card.last_line}`,
    hint: card.channel.name,
    icon: MessageSquare,
    run: () => void router.push({ name: 'inbox', params: { view: 'all', id: card.id } }),
  })

  return computed<Command[]>(() => {
    const words = wanted.value.trim().toLowerCase()
    const fits = (command: Command) => command.title.toLowerCase().includes(words)
    return [...[...onOpen.value, ...places.value].filter(fits), ...found.value.map(conversation)]
  })
}
