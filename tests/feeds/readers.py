"""Two readers that know nothing of us: icalendar, and ical.js in node."""

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

PROGRAM = Path(__file__).with_name("read_with_ical_js.mjs")


def by_ical_js(*texts: str) -> list[list[dict[str, Any]]]:
    """Needs node; only outside CI may it be missing."""
    if shutil.which("node") is None and os.environ.get("CI") != "true":
        pytest.skip("node is not installed")
    done = subprocess.run(["node", PROGRAM], input=json.dumps(texts), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def by_icalendar(text: str) -> list[dict[str, Any]]:
    """The same shape, by way of the VTIMEZONEs in the text and not of zoneinfo."""
    calendar = Calendar.from_ical(text)
    zones = {str(zone["TZID"]): zone.to_tz() for zone in calendar.walk("VTIMEZONE")}
    return [_event(event, zones) for event in calendar.walk("VEVENT")]


def _event(event: Any, zones: dict[str, Any]) -> dict[str, Any]:
    categories = event.get("CATEGORIES")
    return {
        "uid": str(event["UID"]),
        "summary": str(event["SUMMARY"]),
        "description": str(event["DESCRIPTION"]),
        "location": str(event["LOCATION"]) if "LOCATION" in event else None,
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "categories": [str(category) for category in categories.cats] if categories else [],
        "starts": _moment(event["DTSTART"], zones),
        "ends": _moment(event["DTEND"], zones),
    }


def _moment(value: Any, zones: dict[str, Any]) -> float | str:
    at = value.dt
    if not isinstance(at, datetime):
        return str(at.isoformat())
    if tzid := value.params.get("TZID"):
        at = at.replace(tzinfo=zones[tzid])
    return at.timestamp()
