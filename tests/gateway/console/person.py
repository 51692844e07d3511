"""Somebody of a station at the console, without scripts."""

import html
import io
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(
    r'<input type="hidden" name="(csrf_token|command_id|draft|version|application_id|policy_id)" value="([^"]*)"'
)


@dataclass
class Person:
    """A browser without scripts, signed in; addresses are those below the station's, or whole ones."""

    client: FlaskClient
    here: str

    def open(self, path: str) -> str:
        """The page at an address, which must be there."""
        answer = self.client.get(path if path.startswith("/stations") else self.here + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, page: str, **fields: Any) -> TestResponse:
        """Send a form of a page, with what stands hidden in it."""
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(page)}
        return self.client.post(self.here + path, data={**hidden, **fields})

    def send(self, path: str, opened: str = "", **fields: Any) -> TestResponse:
        """Open the page `opened` (or the address itself), fill in its form and send it to the address."""
        return self.post(path, self.open(opened or path), **fields)

    def upload(self, path: str, file: bytes, name: str = "名册.xlsx") -> TestResponse:
        """Send a file to be checked from its page, dated as that proposes."""
        page = self.open(path.rpartition("/check")[0])
        day = re.search(r'name="occurred_on" value="([^"]*)"', page)
        assert day
        return self.post(path, page, file=(io.BytesIO(file), name), occurred_on=day[1])

    def search(self, text: str) -> str:
        """The members who are found by what was typed."""
        return self.follow(self.post("/members/searched", self.open("/members"), text=text))

    def follow(self, answer: TestResponse) -> str:
        """The page to which an accepted form leads."""
        assert answer.status_code == 303, words(answer.text)[:800]
        return self.open(answer.headers["Location"])

    def does(self, path: str, opened: str = "", **fields: Any) -> str:
        """Send a form that is accepted, and see the page to which it leads."""
        return self.follow(self.send(path, opened, **fields))


def words(page: str) -> str:
    """What stands on the page's main part, as people read it."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())
