"""What the tests of pages look for is found where it is: else they would find nothing wrong for ever."""

from playwright.sync_api import Browser

from tests.browser.people import violations
from tests.browser.watching import Watch

HOME = "127.0.0.1"
ELSEWHERE = "http://elsewhere.invalid/picture.png"
WRONG = f"""<!doctype html><html lang="zh"><head><title>页</title></head><body><main><h1>页</h1>
<form><input name="unlabelled"></form><img src="{ELSEWHERE}" alt="">
<script>console.error("said to be wrong"); throw new Error("wrong in the page")</script></main></body></html>"""
RIGHT = """<!doctype html><html lang="zh"><head><title>页</title></head><body><main><h1>页</h1>
<form><label for="name">姓名</label><input id="name" name="name"></form></main></body></html>"""


def _seen(browser: Browser, html: str) -> tuple[list[str], list[str]]:
    """What the watch and the rules of accessibility find of a page with this content."""
    watch, context = Watch(HOME), browser.new_context()
    watch.over(context)
    page = context.new_page()
    page.set_content(html, wait_until="load")
    found = violations(page)
    context.close()
    return watch.trouble, found


def test_an_error_a_foreign_picture_and_a_missing_label_are_found(browser: Browser) -> None:
    trouble, found = _seen(browser, WRONG)
    assert any("said to be wrong" in each for each in trouble)
    assert any("wrong in the page" in each for each in trouble)
    assert f"asked elsewhere: {ELSEWHERE}" in trouble
    assert [each.partition(":")[0] for each in found] == ["label"]


def test_of_a_right_page_nothing_is_found(browser: Browser) -> None:
    assert _seen(browser, RIGHT) == ([], [])
