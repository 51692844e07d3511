"""Every page of the console, opened and sent by everybody; what they are answered beside what the rows say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lastmile.kernel.domain.failures import Forbidden
from lastmile.kernel.domain.identity import STATION_ROLES, Role
from services.gateway.console.page import Page
from services.gateway.session import COOKIE
from tests.gateway.api.conftest import ELSEWHERE, STATION
from tests.gateway.matrix.asking import NOBODY, Matrix
from tests.gateway.matrix.oracle import Rows, Who, everybody, reached
from tests.gateway.matrix.places import Place
from tests.gateway.matrix.ways import Name, joining

OPEN = frozenset({"sign_in", "single_sign_on", "single_sign_on_returned", "preferences", "demo_date"})
"""Pages before anybody is signed in."""
OWN = frozenset({"account", "take_up_role", "end_session", "first", "work", "second_step", "sign_out"})
"""Pages about oneself, for everybody who is signed in; *my work* tells what each question behind it answers."""
ALSO: Mapping[str, tuple[Name, ...]] = {"reveal": (("membership", "RevealField"),)}
"""What a page asks beside, or without, what it is declared to ask."""
PEOPLE = frozenset(STATION_ROLES) - {Role.CITY_SYSTEM}
"""Who signs in to the console."""
FORMS = {"member_join": joining}
LISTS = {"members", "unions", "household_find"}
"""Lists that a community's chair may open: everything that can be typed there is tried."""
SEARCHED = "/searched"
"""Takes what is typed and shows nothing: it leads on to the list, which is looked at in its stead."""


def rows_of(matrix: Matrix, page: Page) -> list[Rows]:
    """The rows that must all let somebody in; none for pages that are open or one's own."""
    names = [*([page.asks] if page.asks else []), *ALSO.get(page.name, ())]
    if page.name.endswith("_export"):
        recorded_by = names[0][0] if "RecordExport" in matrix.rows(names[0]) else "access"
        names.append((recorded_by, "RecordExport"))
    return [matrix.rows(name)[name[1]] for name in names]


@dataclass(frozen=True)
class Sent:
    """One request: a method, an address, and the fields of the form."""

    method: str
    address: str
    fields: Mapping[str, Any]

    @property
    def asked(self) -> str:
        return f"{self.address} {dict(self.fields)}"


def requests(page: Page, about: Place, at: str) -> Iterator[Sent]:
    address = _address(page, about, at)
    for method in page.methods:
        if method == "GET":
            yield Sent(method, address, {})
            if page.name in LISTS:
                yield from (Sent(method, address, typed) for typed in _typed(about))
        else:
            yield Sent(method, address, FORMS[page.name](about) if page.name in FORMS else {"format": "csv"})
            if address.endswith(SEARCHED):
                yield from (Sent(method, address, typed) for typed in _typed(about))


def _typed(about: Place) -> Iterator[Mapping[str, Any]]:
    yield from ({"text": text} for text in (about.name(0), about.number(0), about.card, about.mark))
    yield from ({"community": about.community}, {"union_id": about.mark})


def _address(page: Page, about: Place, at: str) -> str:
    of_person = re.match(r"/(members|households)/", page.path)
    filled = {"station": at, "key": about.member if of_person else about.mark, "person": about.member}
    filled |= {"service": "membership", "int:position": "1", "field": "name"}
    return re.sub(r"<([\w:]+)>", lambda found: filled[found[1]], page.rule)


@dataclass(frozen=True)
class Browser:
    """A browser without scripts in which one after another signs in, with the token that forms bear."""

    matrix: Matrix
    client: FlaskClient
    csrf_token: str

    def answered(self, who: Who, sent: Sent) -> TestResponse:
        self.matrix.session(who, "")
        self.client.set_cookie(COOKIE, "matrix")
        if sent.method == "GET":
            return self.client.get(sent.address, query_string=sent.fields)
        ids = {"csrf_token": self.csrf_token, "command_id": f"matrix-{next(self.matrix.keys)}"}
        leads_on = sent.address.endswith(SEARCHED)
        return self.client.post(sent.address, data={**sent.fields, **ids}, follow_redirects=leads_on)


def opened(matrix: Matrix) -> Browser:
    client = matrix.app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]*)"', client.get("/sign-in").text)
    assert found, "the sign-in page has a form"
    return Browser(matrix, client, found[1])


def pages_otherwise(matrix: Matrix, page: Page) -> list[Any]:
    """Where a page is answered otherwise than the rows say."""
    found: list[Any] = []
    browser = opened(matrix)
    for who in (who for who in everybody() if who.role in PEOPLE):
        for at in (STATION, ELSEWHERE) if page.of_station else (STATION,):
            by_row = [reached(rows, who, at, matrix.places) for rows in rows_of(matrix, page)]
            may_see = (
                None if None in by_row else [p for p in matrix.places if all(p in (seen or ()) for seen in by_row)]
            )
            for about in matrix.places if who.role is Role.COMMUNITY_CHAIR else matrix.places[:1]:
                for sent in requests(page, about, at):
                    answer = browser.answered(who, sent)
                    if wrong := _wrong(page, who, about, may_see, sent, answer, matrix):
                        found.append((wrong, who, at, sent, answer.status_code))
    return found


def _wrong(
    page: Page, who: Who, about: Place, may_see: list[Place] | None, sent: Sent, answer: TestResponse, matrix: Matrix
) -> str:
    changes = sent.method == "POST" and page.name in FORMS
    out_of_reach = may_see is None or (changes and bool(who.community) and about not in may_see)
    if answer.status_code >= 500:
        return "broken"
    if is_forbidden(answer) is not out_of_reach:
        return "let in or refused against the rows"
    hidden = [place for place in matrix.places if place not in (may_see or ())]
    if page.name not in OWN | OPEN and any(place.told_in(words(answer), sent.asked) for place in hidden):
        return "tells of a place that is out of reach"
    return ""


def is_forbidden(answer: TestResponse) -> bool:
    return answer.status_code == 403 and re.search(rf"\b{Forbidden.code}\b", answer.text) is not None


def words(answer: TestResponse) -> str:
    """What an answer says; of a workbook or an archive, nothing."""
    return answer.data.decode(errors="ignore")


def there_or_not(matrix: Matrix, page: Page, who: Who, about: Place) -> tuple[int, int]:
    """How a record's page answers about a record that is there, and about one that is not."""
    address = _address(page, about, STATION)
    nobodys = address.replace(about.member, NOBODY).replace(about.mark, NOBODY)
    asked = (Sent("GET", address, {}), Sent("GET", nobodys, {}))
    browser = opened(matrix)
    there, nobody = (browser.answered(who, sent) for sent in asked)
    return there.status_code, nobody.status_code
