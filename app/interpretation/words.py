"""What organisers' pages say of interpreters: their pairs, and what speaks against giving them a duty."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.agenda.plan import Planned
from app.agenda.rota import PAIRS, Against, Objection
from app.interpretation.briefing import TermKind
from app.values.language import Language
from app.web.languages import language


def pair_text(pair: str) -> str:
    """中文 → Deutsch."""
    spoken, into = pair.split("-")
    return f"{Language(spoken).own_name} → {Language(into).own_name}"


TERM_KINDS = {
    TermKind.EDITION: _("Forum"),
    TermKind.TRACK: _("Tracks"),
    TermKind.ROOM: _("Rooms"),
    TermKind.ORGANISATION: _("Organisations"),
    TermKind.FUNCTION: _("Functions"),
}
PAIR_CHOICES = [(pair, pair_text(pair)) for pair in PAIRS]


AT_ONCE = {
    Against.BUSY: _("interprets “%(session)s” at that time"),
    Against.SPEAKS: _("takes part in “%(session)s” at that time"),
    Against.AWAY: _("not there at that time"),
    Against.NO_PAIR: _("does not work %(pair)s"),
    Against.NO_REST: _("%(minutes)s minutes in a row without a rest"),
}
TOO_FAR = {
    Against.BUSY: _("interprets “%(session)s”, %(minutes)s minutes away"),
    Against.SPEAKS: _("takes part in “%(session)s”, %(minutes)s minutes away"),
}


def against(objection: Objection, session: Planned, into: Language, sessions: Mapping[int, Planned]) -> str:
    """A reason to stand behind somebody's name."""
    kind, other = objection.against, sessions.get(objection.other or 0)
    if other is session:
        return str(_("takes part in this session"))
    sentence = TOO_FAR[kind] if kind in TOO_FAR and objection.minutes else AT_ONCE[kind]
    return str(sentence) % {
        "session": other.title.best(language()).text if other else "",
        "minutes": objection.minutes,
        "pair": pair_text(f"{session.language}-{into}") if session.language else f"→ {into.own_name}",
    }
