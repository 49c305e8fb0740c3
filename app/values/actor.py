"""Who acts, and what each role may do: one pure table."""

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    SEE = "see"
    EDIT_EDITION = "edit_edition"
    EDIT_AGENDA = "edit_agenda"
    EDIT_TEXTS = "edit_texts"
    PUBLISH = "publish"
    SEE_REGISTRATIONS = "see_registrations"
    EDIT_REGISTRATIONS = "edit_registrations"
    CHECK_IN = "check_in"
    ADMINISTER = "administer"
    """Accounts, roles, new editions, the series' own texts."""


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    AGENDA_EDITOR = "agenda_editor"
    REGISTRATION_DESK = "registration_desk"
    CHECK_IN = "check_in"
    TRANSLATOR = "translator"
    VIEWER = "viewer"


MAY: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.ORGANISER: frozenset(Right) - {Right.ADMINISTER},
    Role.AGENDA_EDITOR: frozenset({Right.SEE, Right.EDIT_AGENDA, Right.EDIT_TEXTS}),
    Role.REGISTRATION_DESK: frozenset({Right.SEE, Right.SEE_REGISTRATIONS, Right.EDIT_REGISTRATIONS, Right.CHECK_IN}),
    Role.CHECK_IN: frozenset({Right.CHECK_IN}),
    Role.TRANSLATOR: frozenset({Right.SEE, Right.EDIT_TEXTS}),
    Role.VIEWER: frozenset({Right.SEE}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, for one edition or (None) for the series with all its editions."""

    role: Role
    edition_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """An account as the rules see it. `account_id` is None for commands and for attendees by link."""

    account_id: int | None
    name: str
    grants: frozenset[Grant] = frozenset()

    def may(self, right: Right, edition_id: int | None = None) -> bool:
        """For one edition: by its own grants or the series'. For the series (None): by the series' alone."""
        return any(right in MAY[grant.role] and grant.edition_id in (None, edition_id) for grant in self.grants)

    def may_anywhere(self, right: Right) -> bool:
        return any(right in MAY[grant.role] for grant in self.grants)


COMMAND = Actor(None, "command line", frozenset({Grant(Role.ADMINISTRATOR)}))
"""Whoever has a shell on the server."""

ATTENDEE = Actor(None, "attendee")
"""Someone with nothing but their own link."""
