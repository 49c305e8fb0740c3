"""Who belongs together on a public page, and who must not be mixed."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.editions.rules import Kind
from app.publishing.content import SpeakerContent
from app.speakers.rules import Part, Scope


def is_apart(kind: Kind, scope: Scope) -> bool:
    """Whether somebody spoke at the congress around a forum, and so not provably at the forum itself."""
    return kind is Kind.FORUM and scope is Scope.CONGRESS


@dataclass(frozen=True, slots=True)
class Cast:
    """Who was at an edition: spoke, or was named as present; at itself, or only at the congress around it."""

    spoke: tuple[SpeakerContent, ...]
    present: tuple[SpeakerContent, ...]
    spoke_apart: tuple[SpeakerContent, ...]
    present_apart: tuple[SpeakerContent, ...]


def cast_of(kind: Kind, speakers: Iterable[SpeakerContent]) -> Cast:
    everybody = tuple(speakers)

    def chosen(*, apart: bool, present: bool) -> tuple[SpeakerContent, ...]:
        return tuple(s for s in everybody if is_apart(kind, s.scope) is apart and (s.part is Part.ATTENDEE) is present)

    return Cast(
        spoke=chosen(apart=False, present=False),
        present=chosen(apart=False, present=True),
        spoke_apart=chosen(apart=True, present=False),
        present_apart=chosen(apart=True, present=True),
    )
