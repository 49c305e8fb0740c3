"""The organisers' first page, their search over everything, and the language they work in."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions as accounts
from app.editions.rules import State
from app.extensions import database
from app.people import queries as people
from app.publishing.difference import Difference
from app.site import changes, lists, outlook
from app.site.desk import COMING, PHASES, STATES, bp, visible
from app.site.outlook import LIVING
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser, signed_in
from app.web.addresses import own_path
from app.web.clock import now
from app.web.transaction import transaction


@bp.get("/")
@signed_in
def start() -> ResponseReturnValue:
    db, at = database.session(), now()
    editions = visible(db, actor())
    found = outlook.outlooks(db, editions, at)
    first = outlook.next_of(editions, at)
    front = next((o for o in found if first and o.edition.id == first.id), None)
    if front:
        outlook.look_closer(db, front)
    everything = actor().may(Right.ADMINISTER)
    entries = outlook.recent(db, None if everything else [e.id for e in editions], limit=300)
    return render_template(
        "site/manage/start.html", section="start", at=at, front=front, states=STATES, phases=PHASES, coming=COMING,
        others=[o for o in found if o.edition.state in LIVING and o is not front],
        past=[o for o in found if o.edition.state not in LIVING], State=State,
        ahead=outlook.ahead(front, at) if front else [], days_to=outlook.days_to(front.edition, at) if front else None,
        difference=outlook.unreleased(db, front.edition.id) if front else Difference(),
        changes=changes.sentences(db, entries)[:10], late=outlook.worker_late_since(db, at),
        zone=front.edition.zone if front else "Europe/Berlin",
    )  # fmt: skip


@bp.get("/find")
@organiser(Right.SEE, somewhere=True)
def find() -> ResponseReturnValue:
    """Sessions, people, organisations and registrations of editions the account may see."""
    db, text = database.session(), request.args.get("q", "").strip()
    seen = [edition.id for edition in visible(db, actor())]
    registered = [edition.id for edition in visible(db, actor(), Right.SEE_REGISTRATIONS)]
    return render_template(
        "site/manage/find.html", q=text, section="find",
        sessions=lists.sessions_with(db, text, seen),
        people=people.search_people(db, text, 20),
        organisations=people.search_organisations(db, text, 20),
        registrations=lists.registrations_with(db, text, registered),
    )  # fmt: skip


@bp.post("/language")
@signed_in
def speak() -> ResponseReturnValue:
    """From now on, on every device; back to the page one was on."""
    wanted, account_id = request.form.get("language", ""), actor().account_id
    if wanted in list(Language) and account_id is not None:
        with transaction() as db:
            accounts.speak(db, account_id, Language(wanted))
    g.pop("language", None)
    return redirect(own_path(request.form.get("next", ""), otherwise=url_for(".start")), 303)
