"""Failures as pages: what went wrong in words, the code to tell others, and the next step."""

from typing import Any

from flask import Response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.page import link
from services.gateway.console.texts import t, t_or

CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 429: "slow-down"}


def failed(failure: Failure) -> AnyResponse:
    """A page for an expected failure; who is not signed in is led to the sign-in page."""
    problem = failure.as_problem()
    if problem.get("code") == "unauthenticated":
        return redirect(link("sign_in", next=request.full_path if request.method == "GET" else None))
    return problem_page(str(problem.get("code", "failure")), int(problem.get("status", 400)), problem)


def problem_page(code: str, status: int, problem: dict[str, Any]) -> Response:
    page = render_template("problem.html", said=words_of(problem), next_step=next_step(code, status), code=code)
    return Response(page, status, mimetype="text/html")


def words_of(problem: dict[str, Any]) -> str:
    """What is said of a problem: the catalogue's words for its code, else the service's own."""
    detail = str(problem.get("detail") or "")
    return t_or(f"problem.{problem.get('code')}", detail or t("problem.failure"))


def next_step(code: str, status: int = 500) -> str:
    """What to do now: for this code, else for rules in general, else for whatever failed."""
    kind = "refused" if status in (403, 409) else "failure"
    return t_or(f"problem_next.{code}", t(f"problem_next.{kind}"))


def http(error: HTTPException) -> AnyResponse:
    """A page for what Flask itself refused: an address that is none, a form that was out of date."""
    if isinstance(error, RequestRedirect):
        return error.get_response()
    if isinstance(error, CSRFError):
        return problem_page("form-out-of-date", 400, {"code": "form-out-of-date"})
    status = error.code or 500
    code = CODES.get(status, "failure")
    return problem_page(code, status, {"code": code})


def broken() -> AnyResponse:
    """A page for a bug; the log has its place."""
    return problem_page("broken", 500, {"code": "broken"})
