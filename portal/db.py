"""The database: base class, column types, object scope, and the one place transactions begin.

Every ORM statement is narrowed to what the viewer may see. The session's context says who asks;
without a context there is no query.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar, TypeVarTuple

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    event,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import (
    DeclarativeBase,
    ORMExecuteState,
    Session,
    registry,
    with_loader_criteria,
)
from sqlalchemy.sql import Executable, visitors
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Decimal4(TypeDecorator[Decimal]):
    """A decimal with four places, kept as a 64-bit integer on both databases.

    SQLAlchemy's Numeric on SQLite stores binary floats; a scaled integer adds up exactly.
    Fourteen digits before the point, four behind it.
    """

    impl = BigInteger
    cache_ok = True
    SCALE: Final = 4
    MOST: Final = Decimal(10) ** 14

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= self.MOST:
            raise ValueError("decimal out of range")
        scaled = number.scaleb(self.SCALE)
        if scaled != scaled.to_integral_value():
            raise ValueError("decimal with more than four places")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.SCALE)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every mapped class."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime,
            Decimal: Decimal4,
            dict[str, Any]: JSON,
            list[Any]: JSON,
        },
    )


class Scoped:
    """Mixin of every mapped class whose rows only some people may see."""

    @classmethod
    def visible_to(cls, viewer: Any) -> ColumnElement[bool]:
        """The condition under which this viewer may see a row."""
        raise TypeError(f"{cls.__name__} does not say who may see it")


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


db: SQLAlchemy = SQLAlchemy(
    model_class=Base,
    engine_options={"json_serializer": _dumps, "pool_pre_ping": False},
    session_options={"expire_on_commit": False},
)


class _System:
    """The context of jobs and commands: sees everything."""

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM: Final = _System()

E = TypeVar("E", bound=Executable)
Ts = TypeVarTuple("Ts")


def set_context(session: Any, context: Any) -> None:
    """Say who this session's statements are for. Once set it is never exchanged for another."""
    session.info["context"] = context
    session.info["criteria"] = {}
    session.info.pop("remembered", None)


@contextmanager
def system_context(reason: str) -> Iterator[None]:
    """Run a job or a command with nobody's eyes but the system's, in a session of its own.

    Used outside requests only; `reason` says why, and the call sites are listed in a guard test.
    """
    db.session.remove()
    set_context(db.session(), SYSTEM)
    try:
        yield
    finally:
        db.session.remove()


def unscoped(statement: E, reason: str) -> E:
    """Let one statement see every row, because the rule needs the whole truth, not a view of it.

    `reason` is kept beside the call; a guard test lists all call sites.
    """
    return statement.execution_options(unscoped=reason)


def read_fixed(
    statement: Any, given: Mapping[str, Any], session: Session | None = None
) -> Sequence[Any]:
    """Rows of an unscoped statement that was made once, at import, with parameters.

    For what every request asks: nothing is built or looked for again. A statement made anew, with
    its own condition of scope, spares what the session does for objects. Changes of this session
    are written first, as with any other statement (not within `no_autoflush`). Asked in the
    request's session, unless another is given. Raises RuntimeError for a statement that does not
    say why it is unscoped.
    """
    session = db.session() if session is None else session
    rows: Sequence[Any] = _execute_fixed(statement, given, session).all()
    return rows


def write_fixed(
    statement: Any,
    given: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    session: Session | None = None,
) -> None:
    """An INSERT or UPDATE made once, as read_fixed; no object of the session learns of it.

    What this session remembers of the table's class is forgotten.
    """
    session = db.session() if session is None else session
    _execute_fixed(statement, given, session)
    table = statement.table
    if table not in _class_of:
        _class_of.update({one.local_table: one.class_ for one in Base.registry.mappers})
    _forget(session, (_class_of[table],))


_class_of: dict[Any, type[Any]] = {}


def _execute_fixed(statement: Any, given: Any, session: Session) -> Any:
    if "unscoped" not in statement.get_execution_options():
        raise RuntimeError("a fixed statement says why it is unscoped")
    if session.autoflush and (session.new or session.dirty or session.deleted):
        session.flush()
    return session.connection().execute(statement, given)


def remembered(*classes: type[Any]) -> dict[Any, Any]:
    """What this session read of these classes and will ask for again; empty once one is written."""
    memory: dict[Any, dict[Any, Any]] = db.session.info.setdefault("remembered", {})
    return memory.setdefault(classes, {})


def _forget(session: Session, written: Iterable[type[Any]]) -> None:
    memory = session.info.get("remembered", {})
    if memory:
        changed = set(written)
        for classes in [known for known in memory if not changed.isdisjoint(known)]:
            del memory[classes]


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: Any) -> None:
    _forget(session, map(type, (*session.new, *session.dirty, *session.deleted)))


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    session.info.pop("remembered", None)


_classes_of: dict[Any, tuple[type[Any], ...]] = {}


def _scoped_entities(statement: Any) -> tuple[tuple[type[Any], ...], tuple[Any, ...]]:
    """The scoped classes a statement reads or writes, and its aliases of scoped classes.

    Walked once per shape of statement; aliases are the statement's own, so with them each time.
    """
    cache_key = statement._generate_cache_key()
    key = None if cache_key is None else cache_key.key
    if key is not None and key in _classes_of:
        return _classes_of[key], ()
    classes: dict[type[Any], None] = {}
    aliases: dict[Any, None] = {}
    for element in visitors.iterate(statement):
        entity = getattr(element, "_annotations", {}).get("parententity")
        mapper = getattr(entity, "mapper", None)
        if mapper is not None and issubclass(mapper.class_, Scoped):
            classes[mapper.class_] = None
            if getattr(entity, "is_aliased_class", False):
                aliases[entity] = None
    if key is not None and not aliases and len(_classes_of) < 5_000:
        _classes_of[key] = tuple(classes)
    return tuple(classes), tuple(aliases)


@event.listens_for(Session, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    if not state.is_select:
        _forget(state.session, (mapper.class_ for mapper in state.all_mappers))
    if not (state.is_select or state.is_update or state.is_delete):
        return
    info = state.session.info
    if "unscoped" in state.execution_options:
        return
    if "context" not in info:
        raise RuntimeError("a query without a context: nobody is asking")
    context = info["context"]
    if context is SYSTEM:
        return
    criteria: dict[type[Any], Any] = info["criteria"]
    options = []
    classes, aliases = _scoped_entities(state.statement)
    targets = set(classes)
    targets.update(m.class_ for m in state.all_mappers if issubclass(m.class_, Scoped))
    for class_ in sorted(targets, key=lambda c: c.__name__):
        if class_ not in criteria:
            visible = class_.visible_to(context)
            criteria[class_] = with_loader_criteria(class_, visible, include_aliases=True)
        options.append(criteria[class_])
    if aliases:  # where an alias is joined, the condition on its class would be about nothing
        entities = [*targets, *(alias.entity for alias in aliases)]
        options = [with_loader_criteria(one, one.visible_to(context)) for one in entities]
    if options:
        state.statement = state.statement.options(*options)


@event.listens_for(Engine, "connect")
def _pragmas(raw: Any, _record: Any) -> None:
    if not isinstance(raw, sqlite3.Connection):
        return
    raw.isolation_level = None  # we emit BEGIN ourselves; DDL becomes transactional too
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-32000",
    ):
        raw.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def begin_write() -> None:
    """Begin this session's transaction as a writing one, before anything is read.

    SQLite takes its write lock now: a deferred read-then-write fails at once as "locked".
    """
    db.session.connection(execution_options={"write": True})


@contextmanager
def write_transaction() -> Iterator[None]:
    """A writing transaction outside a request: commits at the end, rolls back on any error."""
    begin_write()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@contextmanager
def apart() -> Iterator[Session]:
    """A small writing transaction beside the request's: sign-in counters, `last_seen`, refusals.

    Nothing else commits apart. Never open it while this thread holds the request's write lock.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        set_context(session, SYSTEM)
        session.connection(execution_options={"write": True})
        yield session
        session.commit()


def is_sqlite() -> bool:
    """Whether this process works on SQLite."""
    return db.engine.dialect.name == "sqlite"
