"""The brand's promises as numbers: the one source for articles, replies, paths, orders and scripts."""

import re
from dataclasses import dataclass, fields

_SLOT = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Policies:
    """Days are calendar days unless the name says otherwise; money is whole CNY."""

    return_days: int = 7
    exchange_days: int = 15
    quality_return_days: int = 15
    price_protection_days: int = 15
    live_price_protection_days: int = 30
    return_freight_subsidy: int = 12
    free_shipping_from: int = 99
    freight: int = 10
    remote_freight: int = 20
    ship_hours: int = 48
    late_ship_percent: int = 5
    late_ship_cap: int = 50
    near_days: int = 2
    far_days: int = 4
    remote_days: int = 7
    oversized_days: int = 5
    custom_days: int = 35
    custom_late_percent_day: int = 1
    custom_late_cap_percent: int = 10
    unpaid_minutes: int = 30
    stuck_hours: int = 72
    trace_hours: int = 24
    damage_report_hours: int = 48
    missing_report_days: int = 7
    reship_hours: int = 24
    pickup_point_days: int = 3
    address_changes: int = 1
    inspection_days: int = 2
    refund_wallet_hours: int = 24
    refund_card_days: int = 5
    advance_refund_cap: int = 500
    invoice_hours: int = 24
    invoice_change_days: int = 30
    invoice_months: int = 12
    points_per_yuan: int = 1
    points_for_one_yuan: int = 100
    points_months: int = 12
    silver_from: int = 1000
    gold_from: int = 5000
    black_from: int = 20000
    instalment_from: int = 500
    warranty_air_months: int = 72
    warranty_large_months: int = 36
    warranty_small_months: int = 24
    warranty_wardrobe_months: int = 60
    warranty_furniture_months: int = 36
    warranty_mattress_months: int = 120
    warranty_apparel_days: int = 90
    motor_years: int = 10
    opened_months: int = 12
    repair_days: int = 7
    install_book_hours: int = 48
    install_slot_hours: int = 2
    install_hotline_minutes: int = 30
    install_late_compensation: int = 50
    high_work_fee: int = 100
    clean_aircon_fee: int = 129
    clean_washer_fee: int = 149
    complaint_reply_hours: int = 1
    complaint_close_hours: int = 24
    supervisor_seconds: int = 30
    gift_days: int = 7
    delete_account_days: int = 15
    data_copy_days: int = 15
    service_from: str = "08:00"
    service_to: str = "24:00"
    hotline: str = "400-000-0199"

    def fill(self, text: str) -> str:
        """`{name}` becomes the policy's number; names that are no policy stay, for whoever fills them later."""
        return _SLOT.sub(lambda found: _value(self, found), text)


_NAMES = frozenset(field.name for field in fields(Policies))


def _value(policies: Policies, found: re.Match[str]) -> str:
    return str(getattr(policies, found[1])) if found[1] in _NAMES else found[0]


def unfilled(text: str) -> tuple[str, ...]:
    """The slots that a text still holds."""
    return tuple(_SLOT.findall(text))
