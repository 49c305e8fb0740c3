"""`make shots [ONLY="agenda person"]`: every named screen in three languages, two widths, light and dark, into shots/.

From a fresh instance of its own with the history and a sample. Prints one line for each screen that fails.
"""

import argparse
import atexit
import dataclasses
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
if multiprocessing.parent_process() is None:  # the browsers' processes import this again
    os.environ["LUNTAN_INSTANCE"] = tempfile.mkdtemp(prefix="luntan-shots-")
    atexit.register(shutil.rmtree, os.environ["LUNTAN_INSTANCE"], ignore_errors=True)

from flask import Flask  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright  # noqa: E402
from sqlalchemy import select  # noqa: E402

from app import create_app  # noqa: E402
from app.accounts import actions as accounts  # noqa: E402
from app.accounts import queries as found_accounts  # noqa: E402
from app.agenda.models import Session  # noqa: E402
from app.agenda.rules import SessionKind  # noqa: E402
from app.editions.models import Edition  # noqa: E402
from app.extensions import database  # noqa: E402
from app.mail.models import OutgoingMail  # noqa: E402
from app.people.models import Organisation, Person  # noqa: E402
from app.registrations import actions as registrations  # noqa: E402
from app.registrations.models import Category, Registration  # noqa: E402
from app.registrations.rules import Applicant, Seat  # noqa: E402
from app.registrations.tokens import token_of  # noqa: E402
from app.speakers.models import Speaker  # noqa: E402
from app.speakers.rules import SpeakerState  # noqa: E402
from app.speakers.tokens import token_of as speakers_token  # noqa: E402
from app.values.language import Language  # noqa: E402
from app.web import errors  # noqa: E402
from app.web.clock import now  # noqa: E402
from app.web.transaction import transaction  # noqa: E402
from config import from_environment  # noqa: E402
from tests.servers import environment, flask, free_port, serving  # noqa: E402

SAMPLE = "sample"
WIDTHS, SCHEMES = (1280, 390), ("light", "dark")
TALLEST = 12_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]

PUBLIC = {
    "series": "/{lang}/",
    "edition": "/{lang}/editions/{edition}",
    "edition-2020": "/{lang}/editions/2020-haikou",
    "edition-2022": "/{lang}/editions/2022-beijing",
    "edition-2023": "/{lang}/editions/2023-munich",
    "edition-2025": "/{lang}/editions/2025-haikou",
    "agenda": "/{lang}/editions/{edition}/agenda",
    "agenda-day-2": "/{lang}/editions/{edition}/agenda?day=2",
    "agenda-track": "/{lang}/editions/{edition}/agenda?track=batteries",
    "agenda-2020": "/{lang}/editions/2020-haikou/agenda",
    "session": "/{lang}/editions/{edition}/agenda/{talk}",
    "session-panel": "/{lang}/editions/{edition}/agenda/{panel}",
    "session-moved": "/{lang}/editions/{edition}/agenda/{moved}",
    "session-cancelled": "/{lang}/editions/{edition}/agenda/{cancelled}",
    "speakers": "/{lang}/editions/{edition}/speakers",
    "speakers-2023": "/{lang}/editions/2023-munich/speakers",
    "subscribe": "/{lang}/editions/{edition}/calendar",
    "subscribe-series": "/{lang}/calendar",
    "people": "/{lang}/people",
    "person": "/{lang}/people/wan-gang",
    "person-sample": "/{lang}/people/{person}",
    "organisations": "/{lang}/organisations",
    "organisation": "/{lang}/organisations/{organisation}",
    "search": "/{lang}/search?q=电池",
    "search-nothing": "/{lang}/search?q=xyzzy",
    "imprint": "/{lang}/imprint",
    "privacy": "/{lang}/privacy",
    "contact": "/{lang}/contact",
    "register": "/{lang}/editions/{edition}/register",
    "registration": "/{lang}/registrations/{token}",
    "registration-waiting": "/{lang}/registrations/{waiting}",
    "registration-correct": "/{lang}/registrations/{token}/correct",
    "registration-cancel": "/{lang}/registrations/{token}/cancel",
    "speaking": "/{lang}/speaking/{agreed}",
    "speaking-invited": "/{lang}/speaking/{invited}",
    "speaking-texts": "/{lang}/speaking/{agreed}/texts",
    "speaking-time": "/{lang}/speaking/{agreed}/time",
    "speaking-slides": "/{lang}/speaking/{agreed}/slides",
    "speaking-decline": "/{lang}/speaking/{invited}/decline",
}
ORGANISERS = {
    "organise-start": "/organise/",
    "organise-new-edition": "/organise/editions/new",
    "organise-new-edition-from": "/organise/editions/new?from={edition}",
    "organise-edition": "/organise/editions/{edition}/overview",
    "organise-edition-past": "/organise/editions/2023-munich/overview",
    "organise-facts": "/organise/editions/{edition}/edit",
    "organise-hosts": "/organise/editions/{edition}/organisations",
    "organise-languages": "/organise/editions/{edition}/languages",
    "organise-agenda": "/organise/editions/{edition}/agenda",
    "organise-session": "/organise/editions/{edition}/agenda/{session_id}",
    "organise-session-new": "/organise/editions/{edition}/agenda/new",
    "organise-rooms": "/organise/editions/{edition}/rooms",
    "organise-tracks": "/organise/editions/{edition}/tracks",
    "organise-speakers": "/organise/editions/{edition}/speakers",
    "organise-speakers-list": "/organise/editions/{edition}/speakers?view=list",
    "organise-speakers-letter": "/organise/editions/{edition}/speakers/letters/invitation",
    "organise-speakers-write": "/organise/editions/{edition}/speakers/write",
    "organise-speakers-corrections": "/organise/editions/{edition}/speakers/corrections",
    "organise-speaker": "/organise/editions/{edition}/speakers/{speaker_id}",
    "organise-speaker-add": "/organise/editions/{edition}/speakers/add?q=单",
    "organise-releases": "/organise/editions/{edition}/releases",
    "organise-release": "/organise/editions/{edition}/releases/2",
    "organise-registrations": "/organise/editions/{edition}/registrations",
    "organise-registration": "/organise/editions/{edition}/registrations/{registration_id}",
    "organise-registration-settings": "/organise/editions/{edition}/registrations/settings",
    "organise-mail": "/organise/mail",
    "organise-mail-one": "/organise/mail/{mail_id}",
    "organise-people": "/organise/people",
    "organise-person": "/organise/people/{person}",
    "organise-organisations": "/organise/organisations",
    "organise-organisation": "/organise/organisations/{organisation}",
    "organise-series": "/organise/series",
    "organise-find": "/organise/find?q=单",
    "organise-accounts": "/organise/accounts",
    "organise-account": "/organise/account",
}
SIGN_IN = {
    "sign-in": "/organise/sign-in/",
    "sign-in-recover": "/organise/sign-in/recover",
}
ERRORS = (403, 404, 413, 422, 500, 503)


@dataclass(frozen=True)
class Stage:
    """The instance the pictures are taken of."""

    address: str
    values: dict[str, object]
    links: dict[str, dict[tuple[str, int], str]]
    """One-time links of one organiser per language: each browser context signs in with its own."""
    errors: dict[str, dict[int, str]]


@dataclass(frozen=True)
class Look:
    """One browser context: what it looks like and whose language it is."""

    lang: str
    scheme: str
    width: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of the names of screens; without any: all of them")
    parser.add_argument("--languages", nargs="+", default=[language.value for language in Language])
    parser.add_argument("--widths", nargs="+", type=int, default=list(WIDTHS))
    parser.add_argument("--schemes", nargs="+", default=list(SCHEMES))
    parser.add_argument("--into", type=Path, default=ROOT / "shots")
    wanted = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium is not installed (Debian: apt install chromium).", file=sys.stderr)
        return 1
    looks = [Look(*look) for look in product(wanted.languages, wanted.schemes, wanted.widths)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="luntan-shots-")))
        stage = _set(stack, folder, looks)
        jobs = [(chromium, stage, look, tuple(wanted.only), wanted.into) for look in looks]
        pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(min(len(jobs), os.cpu_count() or 2, 4)))
        failures = [failure for found in pool.imap_unordered(_take, jobs) for failure in found]
    print(*sorted(failures), sep="\n")
    print(f"{sum(1 for _ in wanted.into.rglob('*.png'))} pictures in {wanted.into}, {len(failures)} failures")
    return 1 if failures else 0


def _set(stack: ExitStack, folder: Path, looks: Sequence[Look]) -> Stage:
    port = free_port()
    env = environment(folder, f"sqlite:///{folder / 'shots.sqlite3'}", port, LUNTAN_ENV="development")
    flask(env, "db", "upgrade")
    flask(env, "seed")
    flask(env, "sample", "--edition", SAMPLE, "--registrations", "130", "--seats", "120")
    config = dataclasses.replace(
        from_environment(), database_url=env["DATABASE_URL"], secret_key=env["SECRET_KEY"], base_url=env["BASE_URL"]
    )
    app = create_app(config)
    with app.app_context():
        links = {look.lang: _links(env, look.lang, looks) for look in looks}
        values = _values(app)
        database.engine.dispose()
    stack.enter_context(serving(env))
    return Stage(env["BASE_URL"], values, links, {look.lang: _errors(app, look.lang) for look in looks})


def _links(env: dict[str, str], lang: str, looks: Sequence[Look]) -> dict[tuple[str, int], str]:
    """An organiser who reads this language, and a link for each of their looks."""
    email, name = f"{lang}@forum.test", {"en": "Ada Marsh", "de": "Annegret Löwenstein", "zh": "林晓岚"}[lang]
    if found_accounts.account_by_email(database.session(), email) is None:
        flask(env, "accounts", "create", email, "--role", "administrator", "--name", name)
        with transaction() as db:
            account = found_accounts.account_by_email(db, email)
            assert account is not None
            accounts.speak(db, account.id, Language(lang))
    return {
        (look.scheme, look.width): flask(env, "accounts", "link", email).strip().splitlines()[-1]
        for look in looks
        if look.lang == lang
    }


def _values(app: Flask) -> dict[str, object]:
    """What stands in addresses. Someone registers, so that there is a mail; someone else gives up a seat."""
    with transaction() as db:
        edition = db.scalars(select(Edition).where(Edition.slug == SAMPLE)).one()
        category = db.scalars(select(Category).where(Category.edition_id == edition.id)).one()
        late = Applicant(
            "Jördis Quästl",
            "joerdis.quaestl@example.org",
            "DE",
            Language.DE,
            organisation="Weserbogen Busbetriebe",
            role="Disponentin",
        )
        registrations.register(
            db, category.id, late, language=Language.DE, submission=None,
            consent=edition.series.privacy_version, now=now(),
        )  # fmt: skip
        second = db.scalars(select(Registration).order_by(Registration.position).offset(40).limit(1)).one()
        registrations.cancel(db, second.id, now=now() - timedelta(hours=3))
    db = database.session()
    sessions = db.scalars(select(Session).where(Session.edition_id == edition.id).order_by(Session.starts_at)).all()
    talk = next(s for s in sessions if s.kind is SessionKind.TALK and not s.is_cancelled)
    people = db.scalars(select(Registration).order_by(Registration.position)).all()
    confirmed = next(one for one in people if one.seat is Seat.CONFIRMED)
    waiting = next(one for one in people if one.seat is Seat.WAITING)
    secret: str = app.config["SECRET_KEY"]
    speakers = db.scalars(select(Speaker).where(Speaker.edition_id == edition.id).order_by(Speaker.id)).all()
    links = {state: speakers_token(s.uid, secret) for s in reversed(speakers) for state in [s.state]}
    return {
        "edition": SAMPLE,
        "agreed": links[SpeakerState.CONFIRMED],
        "invited": links[SpeakerState.INVITED],
        "talk": talk.slug,
        "panel": next(s for s in sessions if s.kind is SessionKind.PANEL).slug,
        "moved": next((s for s in sessions if s.revision > 1 and not s.is_cancelled), talk).slug,
        "cancelled": next((s for s in sessions if s.is_cancelled), talk).slug,
        "session_id": talk.id,
        "speaker_id": db.scalars(select(Speaker.id).where(Speaker.edition_id == edition.id)).first(),
        "person": db.scalars(select(Person.slug).where(Person.name == "单睿")).one(),
        "organisation": db.scalars(select(Organisation.slug).where(Organisation.slug.contains("coral"))).first(),
        "registration_id": confirmed.id,
        "token": token_of(confirmed.uid, secret),
        "waiting": token_of(waiting.uid, secret),
        "mail_id": db.scalars(select(OutgoingMail.id)).first(),
    }


def _errors(app: Flask, lang: str) -> dict[int, str]:
    """Pages nobody gets to see on purpose, rendered here and shown under the server's own address."""
    found = {}
    for status in ERRORS:
        with app.test_request_context(f"/{lang}/broken", base_url=app.config["BASE_URL"]):
            found[status] = app.make_response(errors.page(status)).get_data(as_text=True)
    return found


def _take(job: tuple[str, Stage, Look, tuple[str, ...], Path]) -> list[str]:
    """All screens in one look, in a browser of their own. What failed, one line each."""
    chromium, stage, look, only, into = job
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        visitor = _context(browser, stage, look)
        for name, address in {**PUBLIC, **SIGN_IN}.items():
            _picture(
                visitor, name, look, only, into, failures, _going(stage, address.format(lang=look.lang, **stage.values))
            )
        for name, act in {"receipt": _receipt, "register-mistakes": _mistakes}.items():
            _picture(visitor, name, look, only, into, failures, lambda page, act=act: act(page, stage, look))
        for status in ERRORS:
            _picture(visitor, f"error-{status}", look, only, into, failures, _broken(stage, look, status))
        organiser = _context(browser, stage, look)
        if any(_wanted(name, only) for name in ORGANISERS):
            _sign_in(organiser, stage, look, failures)
        for name, address in ORGANISERS.items():
            _picture(organiser, name, look, only, into, failures, _going(stage, address.format(**stage.values)))
        browser.close()
    return failures


def _context(browser: Browser, stage: Stage, look: Look) -> BrowserContext:
    return browser.new_context(
        base_url=stage.address,
        viewport={"width": look.width, "height": 900},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale={"en": "en-GB", "de": "de-DE", "zh": "zh-CN"}[look.lang],
        reduced_motion="reduce",
    )


def _wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(part in name for part in only)


def _picture(
    context: BrowserContext,
    name: str,
    look: Look,
    only: Sequence[str],
    into: Path,
    failures: list[str],
    go: Callable[[Page], int | None],
) -> None:
    if not _wanted(name, only):
        return
    where = f"{name} {look.lang} {look.width} {look.scheme}"
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: trouble.append(said.text) if said.type == "error" and "status of" not in said.text else None,
    )
    try:
        status = go(page)
        if status is not None and status >= 400:
            trouble.append(f"answered with {status}")
        if (wider := page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")) > 0:
            trouble.append(f"scrolls sideways by {wider} px")
        height = min(int(page.evaluate("document.scrollingElement.scrollHeight")), TALLEST)
        file = into / look.lang / f"{name}-{look.width}-{look.scheme}.png"
        page.set_viewport_size({"width": look.width, "height": max(900, height)})
        page.screenshot(path=file)
    except Exception as error:
        trouble.append(str(error).splitlines()[0])
    finally:
        page.close()
    failures += [f"{where}: {what}" for what in trouble]


def _going(stage: Stage, path: str) -> Callable[[Page], int | None]:
    def go(page: Page) -> int | None:
        answer = page.goto(stage.address + path)
        return answer.status if answer else None

    return go


def _receipt(page: Page, stage: Stage, look: Look) -> int | None:
    """Register for real: what the form answers with."""
    page.goto(f"{stage.address}/{look.lang}/editions/{SAMPLE}/register")
    page.fill("#name", "区子涵")
    page.fill("#second_name", "Ou Zihan")
    page.fill("#email", f"ou.zihan.{look.lang}.{look.width}.{look.scheme}@example.org")
    page.fill("#organisation", "星垣汽车")
    page.fill("#role", "Body engineer")
    page.select_option("#country", "CN")
    page.check("#consent")
    page.locator("main form button").last.click()
    page.wait_for_url("**/registered/**")
    return None


def _mistakes(page: Page, stage: Stage, look: Look) -> int | None:
    """The form with nothing but a wrong address in it."""
    page.goto(f"{stage.address}/{look.lang}/editions/{SAMPLE}/register")
    page.fill("#email", "nobody")
    page.eval_on_selector("main form", "form => form.noValidate = true")
    page.locator("main form button").last.click()
    page.wait_for_selector("[aria-invalid=true]")
    return None


def _broken(stage: Stage, look: Look, status: int) -> Callable[[Page], int | None]:
    def go(page: Page) -> int | None:
        def answer(route: Route) -> None:
            route.fulfill(status=status, content_type="text/html; charset=utf-8", body=stage.errors[look.lang][status])

        page.route("**/broken", answer)
        page.goto(f"{stage.address}/{look.lang}/broken")
        return None

    return go


def _sign_in(context: BrowserContext, stage: Stage, look: Look, failures: list[str]) -> None:
    page = context.new_page()
    try:
        page.goto(stage.links[look.lang][look.scheme, look.width])
        page.locator("main form button").click()
        page.wait_for_load_state()
    except Exception as error:
        failures.append(f"sign-in by link {look.lang}: {str(error).splitlines()[0]}")
    finally:
        page.close()


if __name__ == "__main__":
    sys.exit(main())
