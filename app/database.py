"""The mapped base, its column types, and how an engine is set up. Knows SQLAlchemy, not Flask."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Enum, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.types import DateTime, TypeDecorator

from app.values.language import Translated

__all__ = [
    "Base",
    "DbSession",
    "House",
    "Json",
    "TextList",
    "TranslatedText",
    "UtcDateTime",
    "WallTime",
    "choice",
    "house",
    "set_up",
]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values on the way in, gives aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class WallTime(TypeDecorator[datetime]):
    """What the clock on the wall shows in the edition's zone. Refuses aware values."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no time zone of its own")
        return value


class TranslatedText(TypeDecorator[Translated]):
    """A `Translated`, stored as `{"en", "de", "zh"}`. Replace it whole: the value is frozen."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Translated | None, dialect: Any) -> dict[str, str]:
        return (value or Translated()).as_dict()

    def process_result_value(self, value: dict[str, str] | None, dialect: Any) -> Translated:
        return Translated.of(value)


class TextList(TypeDecorator[tuple[str, ...]]):
    """A short ordered list of codes or names (languages of interpretation, other spellings)."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Any) -> list[str]:
        return list(value or ())

    def process_result_value(self, value: list[str] | None, dialect: Any) -> tuple[str, ...]:
        return tuple(value or ())


def choice(kind: type[StrEnum], name: str = "") -> Enum:
    """One of an enum's values. Name it where a table has two columns of the same enum: constraints need their own."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        length=40,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,  # a WallTime column says so
        Translated: TranslatedText,
        tuple[str, ...]: TextList,
        dict[str, Any]: Json,
        list[Any]: Json,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=40,
            create_constraint=True,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


@dataclass(frozen=True, slots=True)
class House:
    """Where this installation lives, as its configuration says. What is written for good bears these names."""

    base_url: str
    uid_domain: str
    secret_key: str
    """Of which personal links are made."""
    seat_lock: bool = True
    """Off for the negative control of the race test only."""
    placement_check: bool = True
    """Whether a session moved meanwhile is noticed. Off for the negative control of the race test only."""


def house(db: DbSession) -> House:
    """Every session that writes carries it (see `app/web/transaction.py`), for the addresses in what is published."""
    found: House = db.info["house"]
    return found


def set_up(engine: Engine) -> None:
    """SQLite as a database for many writers: durable commits, real foreign keys, honest transactions."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
