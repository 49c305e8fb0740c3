"""Every organisers' page of the agenda: importing them puts them on the one blueprint."""

from app.agenda import manage, manage_findings, manage_gestures, manage_measures, manage_places, manage_proposals
from app.agenda.manage import bp

__all__ = ["bp", "manage", "manage_findings", "manage_gestures", "manage_measures", "manage_places", "manage_proposals"]
