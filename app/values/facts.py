"""Frozen facts beside the rows they are written to: fields and columns share their names."""

from dataclasses import fields
from typing import Any


def as_values(facts: Any) -> dict[str, Any]:
    """Field → value, one level deep: what is a value of ours (`Translated`, `Name`) stays one."""
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def differing(row: object, values: dict[str, Any]) -> list[str]:
    """Names of the columns whose stored value is another."""
    return [name for name, value in values.items() if getattr(row, name) != value]


def put(row: object, values: dict[str, Any]) -> list[str]:
    """Write what differs; its names."""
    changed = differing(row, values)
    for name in changed:
        setattr(row, name, values[name])
    return changed
