import type { Decision, Emotion, Intent } from '@jieli/api'

/** The intents that Jieli ships with, by family (`understanding.contracts`). */
export const FAMILIES = {
  pre_sale: ['product_info', 'recommendation', 'size_fit', 'stock', 'promotion', 'authenticity', 'ordering', 'delivery_policy'],
  order: ['ship_when', 'track', 'delivery_problem', 'order_query', 'order_change', 'order_cancel', 'payment', 'invoice'],
  after_sale: ['return_goods', 'exchange_goods', 'refund_status', 'price_protection', 'quality_issue', 'missing_wrong', 'repair_warranty', 'install_service', 'usage_help'],
  risk: ['complaint', 'promise_claim'],
  account: ['account'],
  talk: ['human_agent', 'provide_info', 'affirm', 'deny', 'greeting', 'thanks_bye', 'urge', 'chitchat'],
  none: ['other'],
} as const satisfies Record<string, readonly Intent[]>

export type Family = keyof typeof FAMILIES

export const ALL_INTENTS: readonly Intent[] = Object.values(FAMILIES).flat()
export const ALL_EMOTIONS = ['calm', 'anxious', 'angry', 'pleased'] as const satisfies readonly Emotion[]

export interface Group {
  family: Family | 'likely'
  intents: readonly Intent[]
}

function familyOf(intent: string): Family | undefined {
  return (Object.keys(FAMILIES) as Family[]).find((family) => (FAMILIES[family] as readonly string[]).includes(intent))
}

/** What else the model thought of, likeliest first: its reasons name those intents. */
export function furtherGuesses({ intent, reasons }: Pick<Decision, 'intent' | 'reasons'>): Intent[] {
  const named = reasons.map((reason) => reason.match(/^(?:intent|wording):(\w+)$/)?.[1])
  return ALL_INTENTS.filter((one) => one !== intent && named.includes(one)).sort((a, b) => named.indexOf(a) - named.indexOf(b))
}

/** Every intent once: the likely ones first, then the family of what was found, then the others as they are. */
export function grouped(likely: readonly Intent[], found: string): Group[] {
  const own = familyOf(found)
  const families = (Object.keys(FAMILIES) as Family[]).toSorted((a, b) => Number(b === own) - Number(a === own))
  const groups: Group[] = families.map((family) => ({ family, intents: (FAMILIES[family] as readonly Intent[]).filter((intent) => !likely.includes(intent)) }))
  return [{ family: 'likely' as const, intents: likely }, ...groups].filter(({ intents }) => intents.length > 0)
}

/** The groups with what the words fit: a name, or the code. */
export function fitting(groups: readonly Group[], words: string, nameOf: (intent: Intent) => string): Group[] {
  const wanted = words.trim().toLowerCase()
  const fits = (intent: Intent) => nameOf(intent).toLowerCase().includes(wanted) || intent.includes(wanted.replaceAll(' ', '_'))
  return groups.map(({ family, intents }) => ({ family, intents: intents.filter(fits) })).filter(({ intents }) => intents.length > 0)
}
