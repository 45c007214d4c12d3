"""The brand's sensitive words, kept compiled in each process and read again when they change."""

from time import monotonic

from jieli.channels.models import SensitiveWord
from jieli.channels.words import Matcher
from jieli.kernel import wake
from jieli.kernel.errors import Invalid

WAKE = "channels.words"
_FRESH_S = 10.0
_LONGEST = 60
_kept: tuple[float, int, Matcher] | None = None


def matcher() -> Matcher:
    global _kept  # noqa: PLW0603 - one compiled list per process
    rung = wake.count(WAKE)
    if _kept is None or _kept[1] != rung or monotonic() - _kept[0] > _FRESH_S:
        rows = SensitiveWord.objects.values_list("word", "severity")
        blocks = {word: severity == SensitiveWord.Severity.BLOCK for word, severity in rows}
        _kept = (monotonic(), rung, Matcher(blocks))
    return _kept[2]


def put(word: str, *, blocks: bool, note: str = "") -> None:
    """Add a word, or change how strictly it is taken."""
    if not 0 < len(word.strip()) <= _LONGEST:
        raise Invalid(f"A sensitive word has 1 to {_LONGEST} characters.")
    severity = SensitiveWord.Severity.BLOCK if blocks else SensitiveWord.Severity.WARN
    SensitiveWord.objects.update_or_create(word=word.strip(), defaults={"severity": severity, "note": note})
    wake.ring(WAKE)


def remove(word: str) -> None:
    SensitiveWord.objects.filter(word=word).delete()
    wake.ring(WAKE)
