"""Training, measuring and explaining the understanding of messages."""

import json
from pathlib import Path

import click

from jieli.config.cli import cli


@cli.group()
def understanding() -> None:
    """Intents, emotions and entities."""


@understanding.command()
@click.argument("text")
def explain(text: str) -> None:
    """Say what a text means, and which pieces of it said so."""
    from jieli.understanding import facade

    found = facade.explain(text)
    for score in found.finding.intents:
        click.echo(f"intent   {score.intent.value} {score.confidence:.2f}")
    mood = found.finding.emotion
    click.echo(f"emotion  {mood.emotion.value} {mood.score:.2f} {' '.join(mood.reasons)}")
    for entity in found.finding.entities:
        click.echo(f"entity   {entity.kind.value} {entity.value} “{entity.text}”")
    for evidence in found.evidence:
        click.echo(f"evidence {evidence.piece!r} {evidence.weight:+.2f}")
    click.echo(f"model    {found.finding.model}")


@understanding.command()
def train() -> None:
    """Train the shipped model from the project's own corpus, and say how it does on what was held out."""
    from jieli.understanding import facade

    click.echo(json.dumps(facade.train(), ensure_ascii=False, indent=1))


@understanding.command()
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--sessions", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The whole talks."
)
@click.option("--json", "as_json", is_flag=True)
def evaluate(labels: Path, sessions: Path | None, as_json: bool) -> None:
    """Measure the model on labelled turns (a TSV: session, turn, intent, second, emotion, text)."""
    from jieli.understanding import facade

    found = facade.evaluate(labels, sessions)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for part in ("intent", "emotion"):
        for name, value in found[part].items():
            if isinstance(value, float | int):
                click.echo(f"{part}.{name:<16} {value:.3f}")
