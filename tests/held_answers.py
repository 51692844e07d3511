"""Holding every answer that a service gives to the shape that its question declares."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from marshmallow import ValidationError

from lastmile.kernel.store.service import Query, Service


class Undeclared(AssertionError):
    """A service answered something else than its question declares."""


def held(query: Query, answer: Any) -> None:
    """Raises Undeclared, saying where the answer, as those outside get it, is not of the declared shape."""
    try:
        query.answered.deserialize(orjson.loads(orjson.dumps(answer)))
    except ValidationError as error:
        raise Undeclared(f"{query.name}: {error.messages}") from None


@contextmanager
def holding_answers() -> Iterator[None]:
    """As long as it lasts, every service of this process looks at its own answers."""
    ask = Service.ask

    def asked(service: Service, name: str, *given: Any, **more: Any) -> Any:
        answer = ask(service, name, *given, **more)
        held(service.queries[name], answer)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Service, "ask", asked)
        yield
