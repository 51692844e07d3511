"""Whatever the description lets four ask at once under one key is done once, and all are answered the same.

Most of it is refused; `matrix/test_repeats.py` gives every order in such a way that it writes.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import orjson
import pytest
from flask import Flask
from hypothesis import Phase, given, seed, settings

from lastmile.embedded import Embedded
from lastmile.settings import LOG_SERVICES
from tests.gateway.api.conftest import STATION
from tests.gateway.api.people import FOR_EVER, StandInAccess
from tests.gateway.api.test_openapi import QUIET, role_for

AT_ONCE, EXAMPLES = 4, 2
KEYS = count(1)


def written(home: Embedded, service: str) -> Counter[str]:
    """How many entries each command id has written."""
    found: Counter[str] = Counter()
    while more := home.services[service].entries(f"{STATION}/{service}", found.total(), 1_000):
        found.update(orjson.loads(entry)["command_id"] for entry in more)
    return found


@pytest.mark.parametrize("service", LOG_SERVICES)
def test_whatever_is_asked_by_many_at_once_is_done_once_or_not_at_all(
    app: Flask, home: Embedded, access: StandInAccess, operations: dict[str, list[Any]], service: str
) -> None:
    answered: dict[str, set[tuple[int, bytes]]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for operation in operations[service]:
            if operation.method.upper() == "POST" and not operation.path.endswith(":ask"):
                ask_at_once(app, access, pool, operation, answered)
    done = {
        key: next(iter(answers)) for key, answers in answered.items() if any(status == 200 for status, _ in answers)
    }
    assert done, "some were done"
    assert all(len(answers) == 1 for key, answers in answered.items() if key in done), "all are answered the same"
    by_key = written(home, service)
    for key, (_, answer) in done.items():
        body = orjson.loads(answer)
        outcomes = [outcome["answer"] for outcome in body.get("outcomes", ()) if "answer" in outcome] or [body]
        assert by_key[key] == sum(len(outcome.get("event_ids", ())) for outcome in outcomes), key
    assert not [key for key in set(answered) - set(done) if by_key[key]], "what was refused wrote nothing"


def ask_at_once(
    app: Flask, access: StandInAccess, pool: ThreadPoolExecutor, operation: Any, answered: dict[str, Any]
) -> None:
    """Ask some orders of this kind, each by several at once, and note who was answered what."""
    role = role_for(operation.definition.raw["operationId"])
    who = access.let_in("at once", role, STATION, confirmed_until=FOR_EVER)
    path = operation.full_path.replace("{station}", STATION)

    @seed(20170320)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.generate,), **QUIET)
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        key, body = f"at-once-{next(KEYS)}", case.body
        if path.endswith("/batch"):
            body = {"rows": [{"command_id": key, "body": body["rows"][0]["body"]}]}
        headers = {**who, "Idempotency-Key": key}

        def ask(_number: int) -> tuple[int, bytes]:
            response = app.test_client().post(path, json=body, headers=headers)
            return response.status_code, response.data

        answered[key] = set(pool.map(ask, range(AT_ONCE)))

    asked()
