from pathlib import Path

import pytest

from jieli.simulation import dialogues
from jieli.simulation.replay import message_id


def test_the_example_gives_each_sessions_customer_turns_in_order() -> None:
    first, *others = dialogues.read(dialogues.EXAMPLE)
    assert (first.session, first.customer) == ("demo-session-0001", "DEMO_0001")
    assert [(turn.index, turn.sku) for turn in first.turns] == [(0, ""), (2, "AP-WM10-W"), (4, ""), (6, "")]
    assert first.turns[2].text == "今天能发吗 给个准话"
    assert len(others) == 5


def test_ids_depend_on_session_and_turn_alone_and_are_wechats_numbers() -> None:
    ids = [
        message_id(one.session, turn.index) for one in dialogues.read(dialogues.EXAMPLE) for turn in one.turns
    ]
    assert len(set(ids)) == len(ids)
    assert ids == [
        message_id(one.session, turn.index) for one in dialogues.read(dialogues.EXAMPLE) for turn in one.turns
    ]
    assert all(0 < int(one) < 2**63 for one in ids)


@pytest.mark.parametrize("line", ["s\tc\t0\t0\t0\tnan", "s\tc\t2\t0\t0\tnan\t你好", "什么"])
def test_a_line_of_another_shape_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "wrong.txt"
    file.write_text(f"s\tc\t0\t0\t0\tnan\t你好\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        list(dialogues.read(file))
