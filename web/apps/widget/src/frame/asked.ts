import { nearestLocale } from '@jieli/words'

const query = new URLSearchParams(location.search)

/** What the loader asked for (`loader/settings.ts`). */
export const asked = {
  channel: query.get('channel') || 'web',
  lang: nearestLocale(query.get('lang')),
  theme: query.get('theme') ?? 'auto',
  page: (query.get('page') ?? '').slice(0, 500),
  host: query.get('host') ?? '',
}
