import click
from flask.cli import with_appcontext

from app.seed.loader import load
from app.values.actor import COMMAND
from app.web.clock import now
from app.web.transaction import transaction


@click.command("seed")
@with_appcontext
def cli() -> None:
    """Load the history of the series. Run again, it creates what is missing and touches nothing else."""
    with transaction() as db:
        created = load(db, actor=COMMAND, now=now())
    if not created:
        click.echo("The history is there already; nothing to do.")
    for kind, number in created.items():
        click.echo(f"{number:4} {kind}")
