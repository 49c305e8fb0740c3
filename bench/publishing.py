"""Publishing a release in which every session has changed: calendar events in three languages, search and all."""

import dataclasses
import time
from collections.abc import Sequence

from app import create_app
from app.agenda import actions as agenda
from app.agenda import queries as found
from app.agenda.rules import SessionFacts
from app.editions import queries as editions
from app.publishing import actions as publishing
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web.clock import now
from app.web.transaction import transaction
from bench.figures import Figure
from bench.house import SLUG, databases, furnish, rooms
from config import from_environment
from tests.servers import environment

SIZES = {
    60: (1.0, ()),
    500: (5.0, ("--days", "5", "--rooms", "12", "--sessions", "500", "--speakers", "600")),
}


def publish() -> Sequence[Figure]:
    return [_publish(kind, sessions) for sessions in SIZES for kind in databases()]


def _publish(kind: str, sessions: int) -> Figure:
    goal, sample = SIZES[sessions]
    with rooms(kind) as (folder, (url,)):
        furnish(environment(folder / "instance", url, 1, LUNTAN_ENV="production"), "--registrations", "0", *sample)
        config = dataclasses.replace(from_environment(), database_url=url.replace("postgresql:", "postgresql+psycopg:"))
        with create_app(config).app_context():
            _change_everything()
            seconds = _published()
    return Figure(f"publishing {sessions} sessions, {kind}", f"{seconds:.2f} s", f"≤ {goal:.0f} s", seconds <= goal)


def _change_everything() -> None:
    """Another title for each: every event and every entry is made anew."""
    with transaction() as db:
        edition = editions.edition_by_slug(db, SLUG)
        assert edition is not None
        for session in list(found.sessions_of(db, edition.id)):
            title = Translated(**{code: f"{text} *" for code, text in session.title.as_dict().items()})
            values = {name: getattr(session, name) for name in SessionFacts.__dataclass_fields__ if name != "speakers"}
            cast = tuple((one.speaker_id, one.role) for one in session.speakers)
            facts = SessionFacts(**{**values, "title": title, "speakers": cast})
            agenda.change_session(db, session.id, facts, revision=session.revision, actor=COMMAND, now=now())


def _published() -> float:
    began = time.perf_counter()
    with transaction() as db:
        edition = editions.edition_by_slug(db, SLUG)
        assert edition is not None
        publishing.publish(db, edition.id, note=Translated(), actor=COMMAND, now=now())
    return time.perf_counter() - began
