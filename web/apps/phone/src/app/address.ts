/** What the address of this page asks for: `?t=` opens the page of one person, `?channel=` and `?lang=` say where from. */
const query = new URLSearchParams(location.search)

export const asked = {
  link: query.get('t') ?? '',
  channel: query.get('channel') || 'web',
  lang: query.get('lang') ?? '',
}

/** The link is a key: it does not stay in the address, where it would be shared and kept in histories. */
export function forgetLink(): void {
  if (!query.has('t')) return
  query.delete('t')
  const rest = query.toString()
  history.replaceState(history.state, '', `${location.pathname}${rest ? `?${rest}` : ''}${location.hash}`)
}
