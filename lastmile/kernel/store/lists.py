"""Lists: what every question about many rows takes and answers, filtered, sorted and page by page."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from marshmallow import Schema, fields, validate
from sqlalchemy import Column, ColumnElement, Table, and_, func, or_, select

from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.store.service import Asking

ROWS_ON_A_PAGE = 50
MOST_ROWS_ON_A_PAGE = 1_000

_NO_CURSOR = "Not a cursor that an earlier answer gave."

Filter = Callable[[Any], ColumnElement[bool]]
"""Which rows a value lets through."""


@dataclass(frozen=True)
class Listed:
    """A list of a view's table: which columns it shows, what it may be filtered and sorted by.

    The table has a column `station`; `key` names the column that tells its rows apart at a station. `sorts` are
    columns that are never NULL, the first is the order if none is asked for. `sets` narrow what everybody sees.
    """

    table: Table
    key: str
    shown: Sequence[str]
    sorts: Sequence[str]
    filters: Mapping[str, tuple[fields.Field[Any], Filter]] = field(default_factory=dict)

    def schema(self) -> Schema:
        """The parameters: each filter by its name, `sort` (`-name`: downwards), `page` or `after`, and `size`."""
        sorts = [sign + name for name in self.sorts for sign in ("", "-")]
        made: dict[str, fields.Field[Any]] = {
            **{name: kind for name, (kind, _) in self.filters.items()},
            "sort": fields.String(load_default=self.sorts[0], validate=validate.OneOf(sorts)),
            "page": fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 1_000_000)),
            "after": fields.String(validate=validate.Length(1, 1_000)),
            "size": fields.Integer(
                load_default=ROWS_ON_A_PAGE, strict=True, validate=validate.Range(1, MOST_ROWS_ON_A_PAGE)
            ),
        }
        schema: Schema = type(f"{self.table.name.title()}List", (Schema,), made)()
        return schema

    def rows(self, asking: Asking, *conditions: ColumnElement[bool]) -> dict[str, Any]:
        """`{"rows": [...], "count": N, "next": cursor or None}`: the count is of all rows that the filters let through.

        With `after`, a cursor that an earlier answer gave as `next`, the rows behind it; else page number `page`.
        """
        asked = asking.parameters
        where = and_(
            self.table.c.station == asking.station,
            *conditions,
            *(let(asked[name]) for name, (_, let) in self.filters.items() if name in asked),
        )
        count = asking.connection.execute(select(func.count()).select_from(self.table).where(where)).scalar_one()
        down, by = asked["sort"].startswith("-"), self.table.c[asked["sort"].removeprefix("-")]
        key = self.table.c[self.key]
        query = select(self.table).where(where).limit(asked["size"] + 1)
        query = query.order_by(*(c.desc() for c in (by, key)) if down else (by, key))
        if "after" in asked:
            query = query.where(_behind(by, key, asked["after"], down))
        else:
            query = query.offset((asked["page"] - 1) * asked["size"])
        found = asking.connection.execute(query).mappings().all()
        page = found[: asked["size"]]
        more = _cursor(page[-1][by.name], page[-1][key.name]) if len(found) > len(page) else None
        return {"rows": [{name: row[name] for name in self.shown} for row in page], "count": count, "next": more}


def _behind(by: Column[Any], key: Column[Any], cursor: str, down: bool) -> ColumnElement[bool]:
    value, last = _read_cursor(cursor)
    if type(value) is not by.type.python_type or type(last) is not key.type.python_type:
        raise Invalid({"after": [_NO_CURSOR]})
    if down:
        return or_(by < value, and_(by == value, key < last))
    return or_(by > value, and_(by == value, key > last))


def _read_cursor(cursor: str) -> tuple[Any, Any]:
    try:
        value, last = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, binascii.Error):
        raise Invalid({"after": [_NO_CURSOR]}) from None
    return value, last


def _cursor(value: Any, key: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([value, key])).decode()
