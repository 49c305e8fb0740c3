"""The agenda as the public sees it: the last release, with the names of today."""

from flask import Blueprint

bp = Blueprint("publishing", __name__)
