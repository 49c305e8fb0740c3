"""The shape of what organisers say of somebody at an edition."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import HiddenInput

from app.speakers.rules import Part, Scope, SpeakerFacts, SpeakerState
from app.speakers.words import PARTS, SCOPES, STATES
from app.web.fields import tongues
from app.web.places import countries


class SpeakerForm(FlaskForm):
    """What somebody is and does at this edition. Name, portrait and biography are the person's own record."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    state = SelectField(
        _("State"), [DataRequired()], choices=list(STATES.items()), default=SpeakerState.CANDIDATE.value
    )
    role = tongues(_("Function then"), longest=300)
    organisation = SelectField(_("Organisation"), default="")
    country = SelectField(_("Country"), default="")
    topic = tongues(_("Topic"), longest=500)
    part = SelectField(_("Takes part as"), [DataRequired()], choices=list(PARTS.items()), default=Part.SPEAKER.value)
    scope = SelectField(_("Where"), [DataRequired()], choices=list(SCOPES.items()), default=Scope.FORUM.value)
    note = tongues(_("Note for the record"), longest=2000, rows=2)

    def __init__(self, *args: Any, organisations: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation.choices = [("", _("none")), *organisations]
        self.country.choices = countries(none=str(_("Not known")))

    def read_texts_only(self, typed: Any) -> None:
        """Take the texts from what was sent, and nothing else: for translators."""
        for name in ("role", "topic", "note", "revision"):
            self[name].process(typed)

    def facts(self) -> SpeakerFacts:
        return SpeakerFacts(
            scope=Scope(self.scope.data),
            part=Part(self.part.data),
            state=SpeakerState(self.state.data),
            organisation_id=int(self.organisation.data) if self.organisation.data else None,
            country=self.country.data or None,
            role=self.role.form.translated,
            topic=self.topic.form.translated,
            note=self.note.form.translated,
        )


def speaker_data(facts: SpeakerFacts) -> dict[str, Any]:
    """Facts as the form takes them for its `data`."""
    return {
        "state": facts.state.value,
        "role": facts.role.as_dict(),
        "organisation": str(facts.organisation_id or ""),
        "country": facts.country or "",
        "topic": facts.topic.as_dict(),
        "part": facts.part.value,
        "scope": facts.scope.value,
        "note": facts.note.as_dict(),
    }
