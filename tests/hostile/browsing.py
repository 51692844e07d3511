"""A browser without scripts before a served gateway: it keeps cookies, and sends forms with what is hidden in them."""

import re
from typing import Any

import httpx

from tests.hostile.doors import ANSWERS_WITHIN_SECONDS, Door

HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|command_id|next)" value="([^"]*)"')


def browser(door: Door, session: str = "") -> httpx.Client:
    """`session`: the secret of a session, as its cookie."""
    cookies = {"lastmile": session} if session else {}
    return httpx.Client(base_url=f"http://{door.host}", cookies=cookies, timeout=ANSWERS_WITHIN_SECONDS)


def hidden_on(client: httpx.Client, path: str) -> dict[str, str]:
    """What a form on this page sends beside what is typed."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return dict(HIDDEN.findall(page.text))


def sign_in(
    client: httpx.Client, account_name: str, password: str, address: str = "/sign-in", **more: Any
) -> httpx.Response:
    typed = {"account_name": account_name, "password": password, **more}
    return client.post("/sign-in", data=hidden_on(client, address) | typed)
