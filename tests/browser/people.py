"""Somebody of the station at a browser: opens pages, fills in forms by the names of their fields, and looks closely."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import STATION


def violations(page: Page) -> list[str]:
    """What the rules of accessibility find wrong, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:3])}" for one in found]


class Person:
    """One person at their own browser."""

    def __init__(self, page: Page, *, looks: bool) -> None:
        """`looks`: hold every page that is opened against the rules of accessibility."""
        self.page, self._looks = page, looks
        self.main = page.locator("main")

    def open(self, path: str) -> None:
        """Open an address of the station."""
        self.page.goto(f"/stations/{STATION}{path}")
        self.look()

    def search(self, text: str) -> None:
        """Search for somebody among the members."""
        self.open("/members")
        self.main.locator("form.filters input[type=search]").fill(text)
        self.main.locator("form.filters button").click()
        self.page.wait_for_url("**text=*")
        self.look()

    def go(self, name: str) -> None:
        """Follow a link by its words."""
        self.main.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def send(self, button: str = "", **fields: Any) -> None:
        """Fill in the form that has these fields, and send it."""
        form = self.main.locator("form")
        for name in fields:
            form = form.filter(has=self.page.locator(f'[name="{name}"]'))
        form = form.filter(has=self.page.locator("button")).last
        for name, value in fields.items():
            _fill(form.locator(f'[name="{name}"]').first, value)
        buttons = form.get_by_role("button", name=button) if button else form.locator(".ways button")
        buttons.first.click()
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        if self._looks:
            assert violations(self.page) == [], self.page.url

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.main).to_contain_text(each)


def _fill(field: Locator, value: Any) -> None:
    if isinstance(value, dict):
        field.set_input_files(value)  # type: ignore[arg-type] - name, mimeType, buffer.
    elif field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(str(value), force=True)
    elif field.evaluate("each => each.type") in {"checkbox", "radio"}:
        field.set_checked(bool(value))
    else:
        field.fill(str(value))
