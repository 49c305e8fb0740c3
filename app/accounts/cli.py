import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from app.accounts import actions, queries, rules
from app.database import DbSession
from app.errors import DomainError
from app.values.actor import COMMAND, Role
from app.web.addresses import absolute
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction

cli = AppGroup("accounts", help="People who sign in, and links to do so.")


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as bad:
        raise click.BadParameter(str(bad)) from None


def _edition(db: DbSession, slug: str | None) -> int | None:
    found = queries.edition_id(db, slug) if slug else None
    if slug and found is None:
        raise click.ClickException(f"There is no edition {slug}.")
    return found


@cli.command("create")
@click.argument("email", callback=_address)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--edition", metavar="SLUG", help="For this edition only; without it, for the whole series.")
@click.option("--name", default="", help="As it is shown to other organisers.")
def create(email: str, role: str, edition: str | None, name: str) -> None:
    """Make an account, give it a role, and print a one-time link to set its password.

    An account that is there already gets the role and a link.
    """
    with transaction() as db:
        account = queries.account_by_email(db, email)
        if account is None:
            account = actions.create_account(db, email, name=name, actor=COMMAND, now=now())
        edition_id = _edition(db, edition)
        try:
            actions.grant(db, account.id, Role(role), edition_id=edition_id, actor=COMMAND, now=now())
        except DomainError as refused:
            raise click.ClickException(sentence(refused)) from None
        token = actions.sign_in_link(db, account.id, lasts=rules.INVITATION_LASTS, actor=COMMAND, now=now())
    click.echo(absolute("accounts_manage.link", token=token))


@cli.command("link")
@click.argument("email", callback=_address)
def link(email: str) -> None:
    """Print a link that signs this account in, once, within the hour."""
    with transaction() as db:
        account = queries.account_by_email(db, email)
        if account is None:
            raise click.ClickException("There is no account with this address. To make one: flask accounts create")
        if not account.active:
            raise click.ClickException("This account is switched off.")
        token = actions.sign_in_link(db, account.id, actor=COMMAND, now=now())
    click.echo(absolute("accounts_manage.link", token=token))
