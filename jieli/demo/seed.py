"""Loads the invented brand into the database; every part can be repeated, and a loaded brand is left alone."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

from tqdm import tqdm

from jieli.demo import basics, brand
from jieli.demo.brand.contracts import DemoBrand
from jieli.demo.loading import (
    aftersales,
    goods,
    history,
    matters,
    onair,
    outlets,
    people,
    staff,
    talk,
    texts,
    trade,
)
from jieli.governance import facade as governance
from jieli.identity.contracts import PersonId
from jieli.kernel import clock
from jieli.kernel.actor import SYSTEM
from jieli.supply import facade as supply
from jieli.supply.contracts import DemoEntry, FactKind, NewSource

MARK, SOURCE = "demo.seed", "demo"


def load(progress: bool = False, *, build: Callable[..., DemoBrand] = brand.build) -> bool:
    """Returns whether anything was loaded. An interrupted load is taken up where it broke off at the next start.

    `build` makes the brand for a moment (`now`); smaller ones are for tests.
    """
    if loaded():
        return False
    governance.ensure_roles()
    built = build(now=clock.now())
    with tqdm(total=len(PARTS), desc="  demo brand", unit="part", disable=not progress, leave=False) as bar:
        persons: dict[str, PersonId] = {}
        for name, part in PARTS:
            bar.set_postfix_str(name)
            part(built, persons)
            bar.update()
    counted = {"customers": len(persons), "orders": len(built.orders)}
    governance.audit(SYSTEM, MARK, "brand", built.now.isoformat(), counted)
    return True


def loaded() -> bool:
    return loaded_for() is not None


def loaded_for() -> datetime | None:
    """The moment for which the brand was built, from which it can be built again; None before it was loaded."""
    return min(map(datetime.fromisoformat, governance.audited(MARK)), default=None)


Part = Callable[[DemoBrand, dict[str, PersonId]], None]


def _staff(built: DemoBrand, _: dict[str, PersonId]) -> None:
    staff.load(built)
    basics.load()


def _people(built: DemoBrand, persons: dict[str, PersonId]) -> None:
    persons.update(people.load(built))


def _supply(built: DemoBrand, persons: dict[str, PersonId]) -> None:
    if SOURCE not in {one.name for one in supply.sources(SYSTEM)}:
        made = NewSource(name=SOURCE, kind="demo", kinds=tuple(FactKind), title="拾光里 ERP（演示）")
        supply.create_source(SYSTEM, made)
    supply.load_demo(_records(built, persons))
    supply.forget()


def _records(built: DemoBrand, persons: dict[str, PersonId]) -> Iterator[DemoEntry]:
    return chain(
        goods.entries(built, persons), trade.entries(built, persons), aftersales.entries(built, persons)
    )


PARTS: tuple[tuple[str, Part], ...] = (
    ("channels", lambda built, _: outlets.load(built)),
    ("staff", _staff),
    ("knowledge", lambda built, _: texts.load(built)),
    ("people", _people),
    ("orders", _supply),
    ("livestreams", onair.load),
    ("journeys", history.load),
    ("tickets", matters.load),
    ("conversations", talk.load),
)
