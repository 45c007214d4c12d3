from dataclasses import dataclass
from datetime import datetime

from jieli.demo.brand.contracts import aftersale, catalogue, knowledge, live, people, staff, trade
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.policies import Policies


@dataclass(frozen=True, slots=True)
class DemoBrand:
    """Everything of the demo; rows refer to each other by `key`, `code`, `number`, `login` or `serial`."""

    key: str
    name: Words
    now: datetime
    policies: Policies
    categories: tuple[catalogue.Category, ...]
    skus: tuple[catalogue.Sku, ...]
    warehouses: tuple[catalogue.Warehouse, ...]
    stock: tuple[catalogue.StockLevel, ...]
    customers: tuple[people.Customer, ...]
    conflicts: tuple[people.IdentityConflict, ...]
    devices: tuple[people.Device, ...]
    carriers: tuple[trade.Carrier, ...]
    orders: tuple[trade.Order, ...]
    returns: tuple[aftersale.Return, ...]
    refunds: tuple[aftersale.Refund, ...]
    price_cases: tuple[aftersale.PriceCase, ...]
    invoices: tuple[aftersale.Invoice, ...]
    promotions: tuple[aftersale.Promotion, ...]
    articles: tuple[knowledge.Article, ...]
    paths: tuple[knowledge.ResolutionPath, ...]
    saved_replies: tuple[knowledge.SavedReply, ...]
    sensitive_words: tuple[knowledge.SensitiveWord, ...]
    bot_texts: tuple[knowledge.BotText, ...]
    skills: tuple[staff.Skill, ...]
    teams: tuple[staff.Team, ...]
    calendars: tuple[staff.Calendar, ...]
    staff: tuple[staff.Staff, ...]
    rooms: tuple[live.Room, ...]
    sessions: tuple[live.LiveSession, ...]
    promises: tuple[live.HostPromise, ...]
    owed: tuple[live.Owed, ...]
