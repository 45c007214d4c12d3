"""What Jieli tells staff goes about as codes; the web apps must have words for each of them, in both languages."""

import json
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_CODE = re.compile(r'"((?:passed|holder|maker)\.\w+)"')
_SAID = {
    code
    for path in (_ROOT / "jieli").rglob("*.py")
    if "tests" not in path.parts
    for code in _CODE.findall(path.read_text(encoding="utf-8"))
}
_BY_VALUE = {
    "passed.call",
    "passed.unread",
    "passed.opened",
    *(f"holder.{one}" for one in ("customer", "bot", "agent", "system")),
    *(f"maker.{one}" for one in ("host", "agent", "bot", "policy")),
}


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_code_that_is_passed_on_has_words(locale: str) -> None:
    words = json.loads(
        (_ROOT / "web/packages/words/src" / locale / "common.json").read_text(encoding="utf-8")
    )
    have = {f"{family}.{name}" for family in ("passed", "holder", "maker") for name in words.get(family, {})}
    assert "passed.line" in _SAID
    assert have >= _SAID | _BY_VALUE
    assert {code for code in have if code.startswith("passed.")} <= _SAID | _BY_VALUE
