"""The form: made from a command, errors at their fields, nothing typed lost, sent twice and done once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, g, redirect, render_template, request
from uuid6 import uuid7
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.addresses import own_address
from services.gateway.console.asking import code_of, tell
from services.gateway.console.confirming import CODE, confirm, needs_confirmation
from services.gateway.console.errors import next_step, words_of
from services.gateway.console.inputs import Input, as_typed, read
from services.gateway.console.page import Menu, Page
from services.gateway.console.texts import t
from services.gateway.console.wrong import wrong_words
from services.gateway.parts import gateway

Values = Mapping[str, Any]

SHOWN_AS_PAGES = frozenset({"not-found", "unauthenticated", "forbidden"})
"""Failures that leave no form to fill in."""


def _nothing(**_: Any) -> Values:
    return {}


@dataclass(frozen=True)
class CommandForm:
    """A form page as data. The page's address gives values by name to `fixed`, `begun`, `done` and `about`.

    `fixed` are fields of the command that nobody types; `begun` is what stands in the fields at first; `new_ids` are
    fields that get a fresh id when the form is shown; `done(body, answer, **values)` is the address to go to
    afterwards, where the text `said` is shown; `about(**values)` is what the template shows beside the fields.
    """

    name: str
    path: str
    service: str
    command: str
    title: str
    inputs: Sequence[Input]
    done: Callable[..., str]
    submit: str = "form.submit"
    said: str = "form.done"
    hint: str = ""
    fixed: Callable[..., Values] = _nothing
    begun: Callable[..., Values] = _nothing
    about: Callable[..., Values] = _nothing
    check: Callable[[Values], Mapping[str, Any]] = lambda _body: {}
    """What else is wrong with what was typed, by field."""
    new_ids: Sequence[str] = ()
    menu: Menu | None = None
    serious: bool = False
    template: str = "form.html"
    version: Callable[..., int | None] = lambda **_: None
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Events that mean no, though they are recorded: the field that is wrong, and the text that says so."""
    about_whom: Callable[..., str] = lambda **_: ""
    """What or whom the form is about, beside its title."""
    station: Callable[[], str | None] = lambda: None
    """Where the command is given, if not at the station of the address."""


def form_page(form: CommandForm) -> Page:
    return Page(
        form.name,
        form.path,
        lambda **values: filled_in(form, values) if request.method == "POST" else begun(form, values),
        (form.service, form.command),
        form.menu,
        methods=("GET", "POST"),
    )


def begun(form: CommandForm, values: Values) -> str:
    """The form as it is first shown, with the id under which its command will be given."""
    first = {**form.begun(**values), **{name: request.args[name] for name in _named(form) & request.args.keys()}}
    typed = {each.name: as_typed(each, first.get(each.name)) for each in form.inputs}
    ids = {name: str(uuid7()) for name in ("command_id", *form.new_ids)}
    version = form.version(**values)
    hidden = {**ids, "version": "" if version is None else str(version), "back": own_address(_came_from())}
    return _shown(form, values, typed, hidden, {}, None)


def _came_from() -> str:
    """The page from which the form was opened, as the browser says."""
    found = urlsplit(request.referrer or "")
    return found._replace(scheme="", netloc="").geturl() if found.netloc == request.host else ""


def filled_in(form: CommandForm, values: Values) -> AnyResponse:
    """Carry out what was sent, and go on; or the form again with what was typed and what is wrong."""
    typed = {each.name: request.form.get(each.name, "") for each in form.inputs}
    hidden = {name: request.form.get(name, "") for name in ("command_id", "version", "back", *form.new_ids)}
    body, found = read(form.inputs, typed)
    missing = {each.name: [t("wrong.missing")] for each in form.inputs if _missing(form, each, body)}
    wrong: dict[str, Any] = {**missing, **found} or dict(form.check(body))
    sent = {each.name for each in form.inputs if each.sent}
    problem: Mapping[str, Any] = {}
    if not wrong:
        try:
            if needs_confirmation(form.service, form.command):
                confirm(request.form.get(CODE, ""), f"{hidden['command_id']}/{uuid7()}")
            body = {name: value for name, value in body.items() if name in sent} | dict(form.fixed(**values))
            body |= {name: hidden[name] for name in form.new_ids}
            version = int(hidden["version"]) if hidden["version"].isdigit() else None
            command_id = hidden["command_id"] or str(uuid7())
            answer = tell(form.service, form.command, body, command_id, version, form.station())
            said_no = form.refused.keys() & set(answer.get("event_types", ()))
        except Failure as failure:
            if code_of(failure) in SHOWN_AS_PAGES:
                raise
            problem = failure.as_problem()
            wrong = {name: wrong_words(said) for name, said in problem.get("fields", {}).items()}
        else:
            if not said_no:
                flash(form.said)
                return redirect(form.done(body, answer, **values), 303)
            at_field, text = form.refused[said_no.pop()]
            wrong, hidden["command_id"] = {at_field: [t(text)]}, str(uuid7())
    status = int(problem.get("status", 422))
    return Response(_shown(form, values, typed, hidden, wrong, problem), status, mimetype="text/html")


def _shown(
    form: CommandForm,
    values: Values,
    typed: Mapping[str, str],
    hidden: Mapping[str, str],
    wrong: Mapping[str, Any],
    problem: Mapping[str, Any] | None,
) -> str:
    g.menu_page = form.menu.word if form.menu else None
    at_fields = {name: said for name, said in wrong.items() if name in {*_named(form), CODE}}
    said = {
        "words": words_of(dict(problem)) if problem and not problem.get("fields") else "",
        "next": next_step(str(problem.get("code")), int(problem.get("status", 500))) if problem else "",
        "elsewhere": {name: said for name, said in wrong.items() if name not in at_fields},
    }
    return render_template(
        form.template,
        form=form,
        typed=typed,
        hidden=hidden,
        wrong=at_fields,
        problem=problem,
        said=said,
        needed={each.name for each in form.inputs if is_needed(form, each)},
        confirming=needs_confirmation(form.service, form.command),
        about_whom=form.about_whom(**values),
        **form.about(**values),
    )


def is_needed(form: CommandForm, each: Input) -> bool:
    """Whether a field must be filled in: as the form says, else as the command's schema does."""
    if each.required is not None or each.kind in ("kept", "yes-no"):
        return bool(each.required)
    commands = gateway().catalogue.services[form.service].commands
    found = commands[form.command].schema.fields.get(each.name) if form.command in commands else None
    return found is not None and bool(found.required)


def _missing(form: CommandForm, each: Input, body: Values) -> bool:
    return is_needed(form, each) and each.kind != "file" and each.name not in body


def _named(form: CommandForm) -> frozenset[str]:
    return frozenset(each.name for each in form.inputs)
