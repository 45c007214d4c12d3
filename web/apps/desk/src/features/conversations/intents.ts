type Translate = (key: string) => string
type Exists = (key: string) => boolean

/** Operations may add intents of their own; those are shown by their code. */
export function intentWords(intent: string, t: Translate, te: Exists): string {
  const key = `common.intent.${intent}`
  return te(key) ? t(key) : intent
}

/** The intents that Jieli ships with, for correcting. */
export const INTENTS = [
  'product_info', 'recommendation', 'size_fit', 'stock', 'promotion', 'price_protection', 'authenticity', 'ordering', 'payment',
  'delivery_policy', 'ship_when', 'track', 'delivery_problem', 'order_change', 'order_cancel', 'order_query', 'invoice',
  'return_goods', 'exchange_goods', 'refund_status', 'repair_warranty', 'install_service', 'quality_issue', 'missing_wrong',
  'usage_help', 'complaint', 'promise_claim', 'account', 'human_agent', 'provide_info', 'affirm', 'deny', 'greeting',
  'thanks_bye', 'urge', 'chitchat', 'other',
] as const

export const EMOTIONS = ['calm', 'anxious', 'angry', 'pleased'] as const
