"""What organisers' pages call the states and parts of speakers."""

from flask_babel import lazy_gettext as _

from app.speakers.rules import Part, Scope, SpeakerState

STATES = {
    SpeakerState.CANDIDATE.value: _("Candidate"),
    SpeakerState.INVITED.value: _("Invited"),
    SpeakerState.CONFIRMED.value: _("Confirmed"),
    SpeakerState.DECLINED.value: _("Declined"),
}
PARTS = {
    Part.SPEAKER.value: _("Speaker"),
    Part.CHAIR.value: _("Chair"),
    Part.ATTENDEE.value: _("Named as present"),
}
SCOPES = {
    Scope.FORUM.value: _("At the forum"),
    Scope.CONGRESS.value: _("At the parent congress"),
}
