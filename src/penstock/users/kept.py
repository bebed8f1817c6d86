"""Questions to the database that are put into words once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)
Value = int | str | date | datetime

_NUMBER, _DAY = 2_112_000_000, date(1066, 10, 14)
_MOMENT = datetime(1066, 10, 14, tzinfo=UTC)


class Kept(Generic[Row]):
    """A query set of models whose SQL is made once and asked with other values again and again.

    Django makes the SQL of a query set anew each time; for a small question that takes longer than the
    answer. Here the values are marked in the parameters when it is asked for the first time, and
    replaced from then on. Rows come as models, with what ``select_related`` and ``annotate`` add.

    Args:
        build: Makes the query set of its values. Each value must become a parameter as it is: it may be
            compared with a column, not looked at, and is never None. Whatever else ``build`` reads
            must be the same for all who ask.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self.build = build
        self._said: _Said | None = None

    def __call__(self, *values: Value) -> list[Row]:
        """The rows for some values; one query.

        Raises:
            ValueError: A value does not stand among the parameters as it is.
        """
        said = self._said
        if said is None:
            said = self._said = _say(self.build, values)
        return list(said.ask(values))

    def first(self, *values: Value) -> Row | None:
        """The first row, if there is one."""
        return next(iter(self(*values)), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """SQL, and of each parameter its value or the place of the value that it takes."""

    sql: str
    parameters: Sequence[tuple[int | None, Any]]
    compiler: Any
    using: str

    def ask(self, values: Sequence[Value]) -> Iterator[Any]:
        parameters = [given if place is None else values[place] for place, given in self.parameters]
        compiler = copy(self.compiler)
        compiler.connection = connections[self.using]
        compiler.execute_sql = lambda **_chunks: [self._rows(parameters)]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked: Any = SimpleNamespace(db=self.using, query=query, _known_related_objects={})
        return iter(ModelIterable(asked))

    def _rows(self, parameters: Sequence[Any]) -> list[Any]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows: list[Any] = cursor.fetchall()
            return rows


def _say(build: Callable[..., QuerySet[Any]], values: Sequence[Value]) -> _Said:
    marks = [_mark(value, place) for place, value in enumerate(values)]
    asked = build(*marks)
    compiler = asked.query.get_compiler(using=asked.db)
    sql, given = compiler.as_sql()
    places = {(type(mark), mark): place for place, mark in enumerate(marks)}
    parameters = [(places.get((type(one), one)), one) for one in given]
    missing = set(range(len(marks))) - {place for place, _one in parameters}
    if missing:
        message = f"Values {sorted(missing)} do not stand among the parameters of {sql}"
        raise ValueError(message)
    return _Said(sql=sql, parameters=parameters, compiler=compiler, using=asked.db)


def _mark(value: Value, place: int) -> Value:
    """A value of the same type that nobody else would give."""
    if isinstance(value, bool):
        message = f"{value!r} cannot be told from other values of its kind"
        raise TypeError(message)
    if isinstance(value, int):
        return _NUMBER + place
    if isinstance(value, str):
        return f"\x1akept {place}"
    if isinstance(value, datetime):
        return _MOMENT + timedelta(days=place)
    return _DAY + timedelta(days=place)
