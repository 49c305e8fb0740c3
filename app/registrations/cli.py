import json

import click
from flask.cli import AppGroup

from app.editions import queries as editions
from app.extensions import database
from app.registrations import queries

cli = AppGroup("registrations", help="Who is registered.")


@cli.command("list")
@click.argument("edition")
@click.option("--json", "as_json", is_flag=True, help="As one JSON array.")
def list_(edition: str, as_json: bool) -> None:
    """Everyone of an edition in order of arrival; `position` is the place on the waiting list."""
    db = database.session()
    row = editions.edition_by_slug(db, edition)
    if row is None:
        raise click.ClickException(f"There is no edition {edition!r}.")
    category = queries.category_of_edition(db, row.id)
    people = [
        {"email": registration.email, "status": registration.seat.value, "position": place}
        for registration, place in (queries.in_order(db, category.id) if category else ())
    ]
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False))
        return
    for person in people:
        click.echo(f"{person['status']:<10} {person['position'] or '':>6}  {person['email']}")
