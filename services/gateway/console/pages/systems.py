"""City systems: registered with a secret that is shown once, and withdrawn."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import request

from lastmile.kernel.domain.failures import Invalid
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Listing, Step, list_pages
from services.gateway.console.page import Menu, link
from services.gateway.console.showing import NOTHING
from services.gateway.console.texts import t

SECRET_BYTES = 32
SHORTEST_SECRET = 43
"""So many letters have 32 bytes in base64url."""


def secret_hash() -> Mapping[str, Any]:
    """What access keeps of the secret that the form showed."""
    secret = request.form.get("secret", "")
    if len(secret) < SHORTEST_SECRET:
        raise Invalid({"secret": [t("wrong.missing")]})
    return {"secret_hash": sha256(secret.encode()).hexdigest()}


SYSTEMS = Listing(
    name="systems",
    path="/systems",
    service="access",
    question="systems_list",
    key="client_id",
    title="menu.systems",
    hint="systems.hint",
    columns=(
        Column("client_id"),
        Column("name"),
        Column("scopes", show=lambda row: "、".join(row["scopes"])),
        Column("withdrawn", "yes-no"),
        Column(
            "withdraw",
            label="systems.withdraw",
            show=lambda row: NOTHING if row["withdrawn"] else t("systems.withdraw"),
            to=lambda row: link("withdraw_system", key=row["client_id"]),
        ),
    ),
    steps=(Step("systems.register", "register_system", ("access", "RegisterSystem")),),
    first_step=Step("systems.register", "register_system", ("access", "RegisterSystem")),
    menu=Menu("administration", 30, "systems", "building"),
)
REGISTER = CommandForm(
    name="register_system",
    path="/systems/new",
    service="access",
    command="RegisterSystem",
    title="systems.register",
    hint="systems.secret_once",
    inputs=(
        Input("client_id"),
        Input("name"),
        Input("scopes", hint="systems.scopes_hint"),
        Input("secret", "kept", sent=False),
    ),
    begun=lambda: {"secret": secrets.token_urlsafe(SECRET_BYTES), "scopes": "reporting.read logs.read"},
    fixed=secret_hash,
    done=lambda _body, _answer: link("systems"),
)
WITHDRAW = CommandForm(
    name="withdraw_system",
    path="/systems/<key>/withdraw",
    service="access",
    command="WithdrawSystem",
    title="systems.withdraw",
    submit="systems.withdraw",
    inputs=(),
    fixed=lambda key: {"client_id": key},
    about_whom=lambda key: key,
    done=lambda _body, _answer, **_: link("systems"),
    said="systems.withdrawn",
    serious=True,
)
PAGES = (*list_pages(SYSTEMS), form_page(REGISTER), form_page(WITHDRAW))
