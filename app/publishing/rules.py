"""When a release may go out, and whom of the planned speakers it shows."""

from enum import StrEnum

from app.speakers.rules import SpeakerState


class Refusal(StrEnum):
    """Why not. The sentences for these codes are in `app/web/messages.py`."""

    WITHOUT_CHANGE = "release_without_change"
    IMPOSSIBLE = "release_impossible"
    INCOMPLETE = "release_incomplete"
    NOT_ALLOWED = "planned_release_not_allowed"
    STUMBLED = "planned_release_stumbled"
    PAST = "planned_release_past"
    GONE = "planned_release_gone"
    OTHER_DOMAIN = "uid_domain_changed"


def is_shown(state: SpeakerState, *, in_a_session: bool) -> bool:
    """Whether a release shows a planned speaker.

    A candidate exists for nobody outside, even where a session already names them. Somebody invited is shown
    with the session they were put into; whoever declined is not.
    """
    return state.has_agreed or (state is SpeakerState.INVITED and in_a_session)
