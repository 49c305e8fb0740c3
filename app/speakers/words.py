"""What organisers' pages call the states and parts of speakers."""

from flask_babel import lazy_gettext as _

from app.speakers.rules import Part, Scope, SpeakerState

STATES = {
    SpeakerState.CANDIDATE.value: _("Candidate"),
    SpeakerState.INVITED.value: _("Invited"),
    SpeakerState.CONFIRMED.value: _("Confirmed"),
    SpeakerState.MATERIALS.value: _("Materials in"),
    SpeakerState.DECLINED.value: _("Declined"),
}
MOVES = {
    SpeakerState.CANDIDATE.value: _("Back to candidate"),
    SpeakerState.INVITED.value: _("Mark as invited"),
    SpeakerState.CONFIRMED.value: _("Confirm"),
    SpeakerState.MATERIALS.value: _("Materials are in"),
    SpeakerState.DECLINED.value: _("Decline"),
}
"""What the button says that moves somebody there."""
PARTS = {
    Part.SPEAKER.value: _("Speaker"),
    Part.CHAIR.value: _("Chair"),
    Part.ATTENDEE.value: _("Named as present"),
}
SCOPES = {
    Scope.FORUM.value: _("At the forum"),
    Scope.CONGRESS.value: _("At the parent congress"),
}
