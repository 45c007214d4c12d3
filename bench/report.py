"""The report as people read it, from the same values as report.json."""

from typing import Any

_ROWS = {
    "floor": "floor: bare ASGI app, same row, same group commit",
    "wechat": "WeChat, safe mode (encrypted)",
    "open": "open hook, one message a request",
    "floor_ndjson": "floor, 100 rows a request",
    "ndjson": "open hook, NDJSON of 100",
}


_READ = {
    "batch": "Jieli, in batches of 200: intents, emotion, entities, with the talk around the message",
    "alone": "Jieli, one at a time",
    "jieba": "jieba + scikit-learn (TF-IDF, logistic regression), in batches of 200: intents of the message alone",
    "snownlp": "SnowNLP, one at a time: sentiment alone",
    "slowest_of_fuzzed": "Jieli: the slowest of 10,000 hostile messages, up to 100,000 characters long",
}


def written(machine: dict[str, Any], read: dict[str, float], found: dict[str, Any]) -> str:
    lines = ["# Benchmark", "", *_machine(machine), *_understanding(read)]
    for database, measured in found.items():
        lines += ["", f"## {database}", *_intake(measured.get("intake")), *_whole(measured)]
    return "\n".join([*lines, ""])


def _machine(machine: dict[str, Any]) -> list[str]:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return [
        f"- {machine['date']}, `{machine['command']}`",
        f"- {machine['processor']}, {machine['cores']} cores for everything: servers, database, load generator",
        f"- load average before: {machine['load_before']} (a quiet machine has less than 1)",
        f"- {machine['system']}, Python {machine['python']}, {packages}",
    ]


def _understanding(read: dict[str, float]) -> list[str]:
    rows = [f"| {_READ[name]} | {us:,.0f} | {us / read['batch']:,.1f} |" for name, us in read.items()]
    head = [
        "",
        "## Understanding a message",
        "",
        "| | processor µs a message | by ours in batches |",
        "|---|--:|--:|",
    ]
    return [*head, *rows]


def _intake(found: dict[str, Any] | None) -> list[str]:
    if not found:
        return []
    head = [
        "",
        "Intake: messages made durable by one front process; the middle one of several rounds, each share by the floor "
        "of its own round (in brackets the least and the greatest).",
        "",
        "| | messages/s | of the floor | p50 / p99 until acknowledged | processor µs a message |",
        "|---|--:|--:|--:|---|",
    ]
    return head + [
        f"| {title} | {one['per_s']:,} | {_share(one)} | {one['ack_ms']['p50']} / {one['ack_ms']['p99']} ms "
        f"| {_cpu(one)} |"
        for name, title in _ROWS.items()
        if (one := found.get(name))
    ]


def _share(one: dict[str, Any]) -> str:
    if "of_floor" not in one:
        return ""
    least, greatest = one["between"]
    return f"{one['of_floor']:.0%} ({least:.0%} to {greatest:.0%})"


def _whole(measured: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    if whole := measured.get("whole"):
        lines += [
            "",
            f"The whole way, contact → decided and routed: **{whole['per_s']:,} messages/s** over "
            f"{whole['messages']:,} messages, from the first sent until the last one's decision was committed; "
            f"{whole['per_s_with_answers_sent']:,}/s until the last answer had gone out as well "
            f"({whole['answers_waiting_then']:,} were waiting to leave).",
            "",
            f"Processor µs a message: {_cpu(whole)}.",
        ]
    if steady := measured.get("latency"):
        lines += [
            "",
            "From sending a message until its decision is visible to another connection:",
            "",
            "| messages/s | p50 | p95 | p99 | acknowledged p99 | processor µs a message |",
            "|--:|--:|--:|--:|--:|---|",
        ]
        lines += [
            f"| {one['per_s']} | {one['decided_ms']['p50']} ms | {one['decided_ms']['p95']} ms | "
            f"{one['decided_ms']['p99']} ms | {one['ack_ms']['p99']} ms | {_cpu(one)} |"
            for one in steady
        ]
    return lines


def _cpu(one: dict[str, Any]) -> str:
    return ", ".join(f"{role} {used:,.0f}" for role, used in one["cpu_us"].items())
