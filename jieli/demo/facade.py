"""The door of the demo: loading the invented brand, and who plays in it."""

from collections.abc import Iterator

from jieli.demo import basics, scripts, seed, signins
from jieli.demo import brand as built
from jieli.demo.brand import staff as crew
from jieli.demo.contracts import DemoBrand, Role, Staff
from jieli.demo.loading.staff import PASSWORD
from jieli.kernel.errors import NotFound

__all__ = ["PASSWORD", "brand", "cast", "load", "load_basics", "loaded", "sign_ins", "staff"]

load = seed.load
load_basics = basics.load
loaded = seed.loaded
sign_ins = signins.lines


def brand() -> DemoBrand:
    """The brand exactly as it was loaded (takes seconds). Raises `NotFound` where it was not."""
    moment = seed.loaded_for()
    if moment is None:
        raise NotFound("The demo brand is not loaded here; run “jieli demo seed” first.")
    return built.build(now=moment)


def cast(shown: DemoBrand, dice: int) -> Iterator[Role]:
    """Roles without end for simulated customers, each played by somebody of the brand whose orders fit."""
    return scripts.cast(shown, dice)


def staff() -> tuple[Staff, ...]:
    """The invented staff; all sign in with `PASSWORD`."""
    return crew.staff()
