"""Watches a browser while a test uses it: any error, or a request to elsewhere, fails the test."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

QUIET_SCHEMES = frozenset({"data", "blob", "about"})


@dataclass
class Watch:
    """What happened that should not have."""

    home: str
    """The only host and port that pages may ask."""

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
        if message.type in ("error", "warning") and not refused:
            self.trouble.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _failed(self, error: WebError) -> None:
        self.trouble.append(f"error in the page: {error.error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in QUIET_SCHEMES and parts.netloc != self.home:
            self.trouble.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and not self.refusals_expected):
            self.trouble.append(f"{response.status} for {response.request.method} {response.url}")
