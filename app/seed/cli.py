import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import queries as found_accounts
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Series
from app.errors import DomainError
from app.seed import sample_plan
from app.seed.loader import load
from app.seed.sample import Wanted, make
from app.seed.sample_plan import DoesNotFit, Size
from app.values.actor import COMMAND, Role
from app.values.text import slug_from
from app.web.addresses import absolute
from app.web.clock import now
from app.web.messages import sentence
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


def _slug(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not value or slug_from(value) != value):
        raise click.BadParameter("only small letters, digits and hyphens, as it stands in addresses")
    return value


@click.command("sample")
@click.option("--edition", "slug", metavar="SLUG", callback=_slug, help="Its address; sample-<year> if not said.")
@click.option("--days", type=click.IntRange(1, 14), default=2, show_default=True)
@click.option("--rooms", type=click.IntRange(1, 60), default=4, show_default=True)
@click.option("--sessions", type=click.IntRange(0, 2000), default=60, show_default=True)
@click.option("--speakers", type=click.IntRange(0, 2000), default=80, show_default=True)
@click.option("--registrations", type=click.IntRange(0), default=500, show_default=True)
@click.option("--seats", type=click.IntRange(0), default=600, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same number gives the same edition.")
@click.option("--yes", is_flag=True, help="On a production database too.")
@with_appcontext
def sample(
    slug: str | None,
    days: int,
    rooms: int,
    sessions: int,
    speakers: int,
    registrations: int,
    seats: int,
    seed: int,
    yes: bool,
) -> None:
    """Make an invented edition, published and open for registration, to try things out. It mails nobody."""
    if current_app.config["ENV_NAME"] == "production" and not yes:
        raise click.ClickException("This is a production database. An invented edition in it is public: say --yes.")
    slug = slug or f"sample-{sample_plan.begins(now().date()).year}"
    wanted = Wanted(slug, Size(days, rooms, sessions, speakers), registrations, seats, seed)
    with transaction() as db:
        made = _make(db, wanted)
    click.echo(f"Made {slug}." if made else f"There is an edition {slug} already; nothing was changed.")
    click.echo(absolute("site.edition", lang="en", edition=slug))


def _make(db: DbSession, wanted: Wanted) -> bool:
    """False where there is an edition of this slug. An empty installation gets its history first."""
    if editions.edition_by_slug(db, wanted.slug) is not None:
        return False
    if db.scalar(select(Series.id)) is None:
        load(db, actor=COMMAND, now=now())
    try:
        make(db, wanted, actor=COMMAND, now=now())
    except DoesNotFit as full:
        raise click.ClickException(f"Only {full} sessions fit into these days and rooms.") from None
    except DomainError as refused:
        raise click.ClickException(sentence(refused)) from None
    return True


@click.command("prepare")
@click.argument("email")
@with_appcontext
def prepare(email: str) -> None:
    """Database, history and an administrator, each made where it is missing; prints a link that signs in once."""
    flask_migrate.upgrade()
    with transaction() as db:
        load(db, actor=COMMAND, now=now())
        account = found_accounts.account_by_email(db, email)
        if account is None:
            account = accounts.create_account(db, email, actor=COMMAND, now=now())
            accounts.grant(db, account.id, Role.ADMINISTRATOR, actor=COMMAND, now=now())
        token = accounts.sign_in_link(db, account.id, actor=COMMAND, now=now())
    click.echo(absolute("accounts_manage.link", token=token))
