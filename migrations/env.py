"""How migrations run: on SQLite with foreign keys off while tables are rebuilt, and checked before the commit."""

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

target = current_app.extensions["migrate"].db
INTERNAL = ("sqlite_sequence",)


def render_item(kind, item, _autogen):  # type: ignore[no-untyped-def]
    """Our column types in SQLAlchemy's own words: migrations import nothing from `app`."""
    if kind != "type" or not type(item).__module__.startswith("app."):
        return False
    name = type(item).__name__
    if name == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "WallTime":
        return "sa.DateTime()"
    return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'


def include_name(name, kind, _parents):  # type: ignore[no-untyped-def]
    return not (kind == "table" and name in INTERNAL)


def compare_default(_context, _inspected, metadata_column, _inspected_default, _default, _rendered):  # type: ignore[no-untyped-def]
    """JSON has no equality on PostgreSQL, so its defaults are not compared."""
    return False if metadata_column.type.__class__.__name__ in ("TranslatedText", "TextList", "JSON") else None


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.dbapi_connection
    if sqlite and raw is not None:
        raw.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=target.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        compare_type=True,
        compare_server_default=compare_default,
        user_module_prefix=None,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"migration leaves rows that point nowhere: {broken[:5]}")
    finally:
        if sqlite and raw is not None:
            raw.execute("PRAGMA foreign_keys=ON")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with target.engine.connect() as connection:
        run(connection)
