"""Looking into a running installation: doctor, check, exports, jobs."""

import json
import sys
from collections import Counter
from uuid import UUID

import click

from jieli.config import examinations
from jieli.config.cli import cli
from jieli.kernel import doctor as kernel_doctor
from jieli.kernel import jobs, laws
from jieli.kernel.doctor import Health

_MARK = {Health.OK: "✓", Health.WARNING: "!", Health.BROKEN: "✗"}
_SHOWN = 20


@cli.command()
def doctor() -> None:
    """Say what is misconfigured and how to mend it; exits 1 when something is broken."""
    findings = [*examinations.folders(), *examinations.database()]
    if not any(finding.health is Health.BROKEN for finding in findings):
        findings = list(kernel_doctor.examine())  # without a database the others could only complain
    for finding in findings:
        click.echo(f"{_MARK[finding.health]} {finding.what}")
        if finding.mend:
            click.echo(f"    → {finding.mend}")
    sys.exit(any(finding.health is Health.BROKEN for finding in findings))


@cli.command()
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Audit every law over the whole database; prints the rows that break one and exits 1 if any does."""
    found = list(laws.breaches())
    counts = Counter(breach.law for breach in found)
    if as_json:
        shown = [{"law": b.law, "audit": b.audit, "subject": b.subject, "what": b.what} for b in found]
        click.echo(
            json.dumps(
                {"laws": {str(n): counts[n] for n in laws.TITLES}, "breaches": shown}, ensure_ascii=False
            )
        )
    else:
        for number, title in laws.TITLES.items():
            audits = len(laws.audits()[number])
            click.echo(f"{number}. {title}: {counts[number]} rows break it ({audits} audits)")
            for breach in [b for b in found if b.law == number][:_SHOWN]:
                click.echo(f"     {breach.subject}: {breach.what} [{breach.audit}]")
    sys.exit(bool(found))


@cli.group()
def export() -> None:
    """Print what is stored, one JSON object a line."""


@export.command()
@click.option("--channel", default="", help="Only this channel.")
def contacts(channel: str) -> None:
    """Every inbound message with its decision and its matter, in the order of its conversation."""
    from jieli.reception import facade as reception

    for line in reception.export_contacts(channel):
        click.echo(json.dumps(line, ensure_ascii=False))


@cli.group("jobs")
def jobs_() -> None:
    """Dead letters of the job queue."""


@jobs_.command()
def dead() -> None:
    """List jobs that failed for good."""
    for row in jobs.dead():
        click.echo(f"{row.id}\t{row.kind}\t{row.attempts} tries\t{row.last_error}")


@jobs_.command()
@click.argument("ids", nargs=-1)
def retry(ids: tuple[str, ...]) -> None:
    """Try dead letters again: the given ones, or all."""
    wanted = [UUID(one) for one in ids] or [row.id for row in jobs.dead()]
    click.echo(f"{jobs.retry(wanted)} jobs will be tried again")


@cli.command()
def openapi() -> None:
    """Print the OpenAPI description of the REST API."""
    from jieli.config.api import api

    click.echo(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, default=str))
