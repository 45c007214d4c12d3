"""What a connection sends while it is told what it missed: everything once, in the order of the log."""

from jieli.kernel.realtime.hub import Connection


def _sent(connection: Connection) -> list[str]:
    return [connection.queue.get_nowait() for _ in range(connection.queue.qsize())]


def test_what_comes_meanwhile_waits_behind_what_was_missed() -> None:
    connection = Connection()
    connection.hold()
    connection.offer(6, "six")
    connection.offer(7, "seven")
    assert _sent(connection) == []
    connection.release([(5, "five"), (6, "six")], until=6)
    connection.offer(8, "eight")
    assert _sent(connection) == ["five", "six", "seven", "eight"]


def test_nothing_waits_when_nothing_is_looked_up() -> None:
    connection = Connection()
    connection.offer(1, "one")
    assert _sent(connection) == ["one"]
