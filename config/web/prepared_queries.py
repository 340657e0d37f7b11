"""Statements of the busiest paths: Django writes their SQL once, values are told at each call.

To build a statement takes Django several times as long as PostgreSQL takes to answer it.
Each thread builds its own, for a compiler belongs to one connection.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Given(Expression):
    """Stands in a query for the value of this name, which is told at each call."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def told(self, values: Mapping[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


def _filled(params: Sequence[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(p.told(values) if isinstance(p, Given) else p for p in params)


class Find(threading.local, Generic[Row]):
    """The rows of a queryset: what it would give, for the values told."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build
        self.compiler: SQLCompiler | None = None

    def __call__(self, **values: Any) -> list[Row]:
        if self.compiler is None:
            self.rows = self.build()
            self.compiler = compiler = self.rows.query.get_compiler(connection=connection)
            self.sql, self.params = compiler.as_sql()
            # From here on the queryset asks a compiler that has its answer ready.
            self.rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        filled = _filled(self.params, values)
        self.compiler.as_sql = lambda *_, **__: (self.sql, filled)  # type: ignore[method-assign]
        answer: Iterable[Row] = self.rows._iterable_class(self.rows)  # type: ignore[arg-type, assignment]
        return list(answer)


class _Write(threading.local):
    sql = ""
    params: Sequence[Any] = ()

    def _built(self) -> tuple[str, Sequence[Any]]:
        raise NotImplementedError

    def __call__(self, **values: Any) -> int:
        """How many rows were written."""
        if not self.sql:
            self.sql, self.params = self._built()
        with connection.cursor() as cursor:
            cursor.execute(self.sql, _filled(self.params, values))
            return int(cursor.rowcount)


class Change(_Write):
    """The update of a queryset's rows."""

    def __init__(self, build: Callable[[], QuerySet[Any]], **to: Any) -> None:
        self.build, self.to = build, to

    def _built(self) -> tuple[str, Sequence[Any]]:
        query: Any = self.build().query.chain(UpdateQuery)
        query.add_update_values(self.to)
        sql, params = query.get_compiler(connection=connection).as_sql()
        return sql, params


class Add(_Write):
    """The insertion of one row; where its key is known already, `renews` names what is set anew."""

    def __init__(self, build: Callable[[], Model], *, renews: Sequence[str] = ()) -> None:
        self.build, self.renews = build, renews

    def _built(self) -> tuple[str, Sequence[Any]]:
        row = self.build()
        about = row._meta
        query = InsertQuery(
            type(row),
            on_conflict=OnConflict.UPDATE if self.renews else None,
            unique_fields=[about.pk] if self.renews else (),
            update_fields=[about.get_field(name) for name in self.renews],
        )
        fields = [f for f in about.concrete_fields if f is not about.auto_field and not f.generated]
        query.insert_values(fields, [row])
        ((sql, params),) = query.get_compiler(connection=connection).as_sql()
        return sql, params
