"""Watches a browser while a test uses it: any error, or a request to elsewhere, fails the test."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

QUIET_SCHEMES = frozenset({"data", "blob", "about"})


@dataclass
class Watch:
    """What happened that should not have."""

    home: str
    """The host and port that pages may ask."""

    also: set[str] = field(default_factory=set)
    """Further ones, where a test leads elsewhere on purpose."""

    trouble: list[str] = field(default_factory=list)
    refusals_expected: bool = False

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", self._failed)
        context.on("request", self._asked)
        context.on("response", self._answered)

    def expect_refusals(self) -> None:
        """The test asks for what will be refused: answers from 400 to 499 are no trouble."""
        self.refusals_expected = True

    def _said(self, message: ConsoleMessage) -> None:
        refused = self.refusals_expected and "the server responded with a status of 4" in message.text
        theirs = urlsplit(message.location.get("url", "")).netloc in self.also
        if message.type in ("error", "warning") and not (refused or theirs):
            self.trouble.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _failed(self, error: WebError) -> None:
        self.trouble.append(f"error in the page: {error.error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in QUIET_SCHEMES and parts.netloc not in {self.home, *self.also}:
            self.trouble.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        failed = response.status >= (500 if self.refusals_expected else 400)
        if failed and urlsplit(response.url).netloc not in self.also:
            self.trouble.append(f"{response.status} for {response.request.method} {response.url}")
