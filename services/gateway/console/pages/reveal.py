"""Being shown a masked field: first its ground is recorded, then the field is shown, once."""

from flask import Response, render_template, request
from uuid6 import uuid7

from lastmile.kernel.domain.failures import Failure, Forbidden
from services.gateway.console.addresses import own_address
from services.gateway.console.asking import ask, code_of, may, tell
from services.gateway.console.page import Page, link
from services.gateway.console.wrong import wrong_words
from services.gateway.session import current


def reveal(service: str, position: int, field: str) -> Response:
    if not may(service, "RevealField"):
        raise Forbidden(f"the role {current().role} is shown no masked field of {service}", asked="RevealField")
    back = own_address(request.values.get("back", "")) or link("first")
    ground, wrong, value = request.form.get("ground", "").strip(), "", None
    if request.method == "POST":
        try:
            body = {"position": position, "field": field, "ground": ground}
            tell(service, "RevealField", body, request.form.get("command_id") or str(uuid7()))
            value = ask(service, "revealed", position=position, field=field)["value"]
        except Failure as failure:
            if code_of(failure) != "invalid":
                raise
            wrong = wrong_words(failure.as_problem()["fields"])
    page = render_template(
        "reveal.html", field=field, back=back, ground=ground, wrong=wrong, value=value, command_id=str(uuid7())
    )
    return Response(page, 422 if wrong else 200, mimetype="text/html")


PAGES = (Page("reveal", "/reveal/<service>/<int:position>/<field>", reveal, methods=("GET", "POST")),)
