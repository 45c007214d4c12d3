import { onMounted, onUnmounted } from 'vue'
import { useDesk } from './desk'

export type Shortcuts = Record<string, () => void>

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  return element?.isContentEditable === true || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? '')
}

/** The shortcut that a key press means, or '' when it belongs to somebody else: to an input method that is composing
    (229 is what browsers send for it), to a text field, to the browser, or to a layout that writes with AltGr. */
export function shortcutOf(event: KeyboardEvent): string {
  if (event.isComposing || event.keyCode === 229 || event.getModifierState?.('AltGraph')) return ''
  if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) return 'ctrl+k'
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return ''
  if (!/^[a-z]$/i.test(event.key)) return event.key
  return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase() // whatever Caps Lock says
}

/** Listens while the component stands. Nothing but the palette's own key works behind an open dialog. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const desk = useDesk()

  function press(event: KeyboardEvent): void {
    const name = shortcutOf(event)
    const act = shortcuts[name]
    if (!act || event.defaultPrevented || (desk.dialog !== null && name !== 'ctrl+k')) return
    event.preventDefault()
    act()
  }

  onMounted(() => window.addEventListener('keydown', press))
  onUnmounted(() => window.removeEventListener('keydown', press))
}
