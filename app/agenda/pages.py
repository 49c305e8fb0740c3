"""The organisers' own pages of the agenda: importing them puts them on its blueprint."""

from app.agenda import manage, manage_findings, manage_measures, manage_places
from app.agenda.manage import bp

__all__ = ["bp", "manage", "manage_findings", "manage_measures", "manage_places"]
