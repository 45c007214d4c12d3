import { readonly, ref, type Ref } from 'vue'

export type Theme = 'light' | 'dark' | 'auto'

const STORED = 'jieli.theme'
const wish = window.matchMedia?.('(prefers-color-scheme: dark)')
const stored = localStorage.getItem(STORED)
const chosen = ref<Theme>(stored === 'light' || stored === 'dark' ? stored : 'auto')

function show(): void {
  const dark = chosen.value === 'dark' || (chosen.value === 'auto' && wish?.matches === true)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

wish?.addEventListener('change', show)
show()

/** The theme of this device: what was chosen, else what the system asks for. */
export function useTheme(): { theme: Readonly<Ref<Theme>>; setTheme: (theme: Theme) => void } {
  return {
    theme: readonly(chosen),
    setTheme(theme) {
      chosen.value = theme
      localStorage.setItem(STORED, theme)
      show()
    },
  }
}
