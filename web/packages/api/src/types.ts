import type { components } from './schema'

type Of<Name extends keyof components['schemas']> = components['schemas'][Name]

/** The one place where names of the generated schema become names the apps use. */
export type Me = Of<'Me'>
export type PresenceState = Of<'Presence'>
export type Seat = Of<'SeatView'>
export type Queue = Of<'QueueView'>
export type Card = Of<'Card'>
export type Detail = Of<'Detail'>
/** An opened conversation: its card, and what was handed over with the baton. */
export type Conversation = Card & Omit<Detail, 'card'>
export type Holder = Of<'HolderView'>
export type NextStep = Of<'StepView'>
export type ChannelRef = Of<'ChannelShort'>
export type ChannelWindow = Of<'WindowShort'>
export type Message = Of<'MessageView'>
export type Delivery = Of<'Delivery'>
export type Decision = Of<'DecisionView'>
export type Handover = Of<'Handover'>
export type HandOverIn = Of<'HandOverIn'>
export type Ticket = Of<'TicketView'>
export type MatterState = Of<'MatterState'>
export type PersonCard = Of<'PersonCard'>
export type PersonContext = Of<'Context'>
export type Identity = Of<'IdentityView'>
export type FactKind = Of<'FactKind'>
export type Fact = Of<'FactView'>
/** Facts of one kind, or why there are none. */
export type Answer = Of<'Shown'>
export type Lookup = Of<'Answer'>
export type Promised = Of<'Promise'>
/** A promise with the customer it was made to. */
export type LedgerLine = Of<'LedgerLine'>
/** A telephone call, with what is known of the caller. */
export type Call = Of<'ScreenPop'>
export type PromiseKind = Of<'PromiseKind'>
export type Matter = Of<'MatterShort'>
export type JourneyLine = Of<'JourneyLine'>
/** What the bot would say to the customer's last words; `text` is empty when it has no answer. */
export type Suggestion = Of<'Suggestion'>
export type ArticleHit = Of<'Hit'>
export type SavedReply = Of<'SavedReply'>

/** The views of the inbox; the server counts each. */
export type View = 'mine' | 'queue' | 'unassigned' | 'all' | 'bot' | 'waiting_customer' | 'sla_soon' | 'promise_due'
export type Counts = Partial<Record<View, number>>

/** What an answer rests on (`bot.contracts.Source`); the schema leaves it open. */
export interface Source {
  kind: string
  ref: string
  title: string
  version?: string
  as_of?: string | null
}

/** Values of facts by kind (`supply.contracts.values`); moments are ISO 8601, amounts decimal strings in yuan. */
export interface OrderValue {
  number: string
  state: string
  placed_at: string
  amount: string
  lines: { sku: string; name: string; qty: number }[]
  promised_at?: string
  parcels?: string[]
  production?: { stage: string; due_at?: string; late_reason?: string }
}

export interface ParcelValue {
  tracking: string
  carrier: string
  state: string
  tracks: { at: string; place: string; text: string }[]
  order?: string
  eta?: string
  promised_at?: string
  delivered_at?: string
  exception_text?: string
}

export interface MoneyBackValue {
  number: string
  order: string
  state: string
  asked_at: string
  type?: string
  amount?: string
  due_at?: string
  done_at?: string
}

export interface StockValue {
  sku: string
  on_hand: number
  reserved: number
  name?: string
  restock_at?: string
}

export interface WarrantyValue {
  serial: string
  sku: string
  until: string
  name?: string
  covers?: string
}

/** A fact that goes along with the baton (`relay.contracts.Baton`); the schema leaves it open. */
export interface BatonFact {
  /** Absent where only the source of something said went along */
  text?: string
  /** The same as codes, where Jieli knows them */
  told?: { code: string; slots?: Record<string, unknown> }[]
  ref?: string
  version?: string
  kind?: string
  title?: string
  source?: string
  as_of?: string | null
}

/** What colleagues said of what the model found in one message. */
export type MessageCorrections = Of<'MessageCorrections'>
export type Correction = Of<'Correction'>
export type CorrectionState = Of<'CorrectionState'>
/** A correction with the turn it is about, for review. */
export type CorrectionView = Of<'CorrectionView'>
export type CorrectionCounts = Of<'CorrectionCounts'>
/** How often one intent was found where people said another. */
export type IntentPair = Of<'Pair'>
export type Candidate = Of<'CandidateView'>
export type CandidateDetail = Of<'CandidateDetail'>
export type CandidateState = Of<'CandidateState'>
/** A figure of a candidate beside the live model's. */
export type ComparedFigure = Of<'Figure'>
export type ShadowReport = Of<'ShadowReport'>
export type ShadowExample = Of<'ShadowExample'>
export type ShadowPair = Of<'ShadowPair'>
export type LiveModel = Of<'LiveView'>
export type Promotion = Of<'PromotionView'>
export type Intent = Of<'Intent'>
export type Emotion = Of<'Emotion'>

/** What a customer sees of their own. */
export type Visit = Of<'SessionOut'>
export type MatterStatus = Of<'MatterStatus'>
export type Passed = Of<'Passed'>
export type PromiseToMe = Of<'PromiseToMe'>
export type Place = Of<'Place'>
