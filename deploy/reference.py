"""Write docs/reference from the code: settings, orders, questions, events, permissions, figures, third parties.

`make docs`; a test fails when a page is no longer what the code says.
"""

import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.main import get_command

from deploy.answers_shown import questions_page
from deploy.third_party import runtime_packages, vendored_files
from lastmile.cli import app
from lastmile.composition import definition_of
from lastmile.kernel.domain.events import command_type, event_type
from lastmile.kernel.domain.fields import Sealed, annotations
from lastmile.kernel.domain.identity import Role, Scope
from lastmile.settings import LOG_SERVICES, SERVICES, SETTINGS

PAGES = Path(__file__).parents[1] / "docs" / "reference"
NOTE = "<!-- Made by `make docs` from the code; edit the code instead. -->\n"


def pages() -> dict[str, str]:
    """File name to content."""
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "settings.md": _settings,
        "commands.md": _commands,
        "questions.md": lambda: questions_page(_table),
        "events.md": _events,
        "permissions.md": _permissions,
        "figures.md": _figures,
        "command-line.md": _command_line,
        "third-party.md": _third_party,
    }
    return {name: "\n".join([NOTE, *lines()]).rstrip() + "\n" for name, lines in makers.items()}


def _settings() -> Iterator[str]:
    yield "# Settings\n"
    yield "Read from the environment; `NAME_FILE` gives a file with the value instead. All errors are told at once.\n"
    yield from _table(
        ("setting", "default", "meaning"),
        ((f"`{s.name}`", f"`{s.default}`" if s.default else "", s.meaning) for s in SETTINGS),
    )


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "`POST /stations/<station>/commands/<Name>` at the service, with an `Idempotency-Key`.\n"
    for service in LOG_SERVICES:
        yield f"## {service}\n"
        for handles in definition_of(service).handlers.handled:
            declared = command_type(handles.command)
            yield f"### {declared.name}\n\n{_first_line(handles.command)}\n"
            given = {name: hint for name, hint in annotations(handles.command).items() if name not in declared.given}
            yield from _fields(given)


def _events() -> Iterator[str]:
    yield "# Events\n"
    yield "A published event only gains optional fields. Sealed fields stand in entries as ciphertext.\n"
    for service in LOG_SERVICES:
        yield f"## {service}\n"
        for kind in definition_of(service).events:
            declared = event_type(kind)
            yield f"### {declared.name} (version {declared.version})\n\n{_first_line(kind)}\n"
            yield from _fields(annotations(kind))


_MARKS = {Scope.COMMUNITY: "c", Scope.STATION: "s", Scope.EVERY_STATION: "e"}


def _permissions() -> Iterator[str]:
    yield "# Permissions\n"
    yield "c: in the own community. s: at the own station. e: at every station. What has no mark is refused."
    yield "With a second factor: one must have been given lately in the session, whatever the role.\n"
    roles = list(Role)
    for service in SERVICES:
        yield f"## {service}\n"
        definition, rows = definition_of(service), []
        for name, allowed in definition.permissions.items():
            factor = ", with a second factor" if name in definition.confirmed else ""
            rows.append((f"`{name}`{factor}", *(_MARKS[allowed[role]] if role in allowed else "" for role in roles)))
        yield from _table(("asked", *(str(role).replace("_", " ") for role in roles)), rows)


def _figures() -> Iterator[str]:
    from services.reporting.figures.book import product_book

    yield "# Figures\n"
    yield "What each figure of the product reads. A report layout chooses figures, conditions and periods.\n"
    rows = []
    for figure in product_book().figures.values():
        reads = ", ".join(dict.fromkeys(read.event for read in figure.reads))
        dims = ", ".join(sorted(figure.dims))
        rows.append(
            (f"`{figure.name}`", figure.label_zh, figure.label_en, f"{figure.nature} {figure.measure}", dims, reads)
        )
    yield from _table(("figure", "", "", "kind", "dimensions", "reads"), rows)


def _command_line() -> Iterator[str]:
    yield "# Command line\n"
    yield "Data on stdout, everything else on stderr."
    yield "Exit codes: 0 ok, 1 a check failed, 2 usage, 3 configuration, 4 a dependency is away.\n"
    group: Any = get_command(app)
    context = typer.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield f"## lastmile {name}\n\n{(found.help or '').strip()}\n"
        rows = []
        for parameter in found.params:
            if parameter.name != "help":
                shown = (
                    ", ".join(parameter.opts)
                    if parameter.param_type_name == "option"
                    else (parameter.name or "").upper()
                )
                rows.append((f"`{shown}`", getattr(parameter, "help", "") or ""))
        if rows:
            yield from _table(("option", "meaning"), rows)


def _third_party() -> Iterator[str]:
    yield "# Third parties\n"
    yield "What others wrote that Lastmile is installed with. `uv.lock` names the versions; Lastmile is Apache-2.0.\n"
    for heading, packages in (("Python packages", runtime_packages()), ("Beside the pages", vendored_files())):
        if packages:
            yield f"## {heading}\n"
            yield from _table(("package", "licence"), ((f"[{p.name}]({p.home})", p.licence) for p in packages))


def _fields(hints: dict[str, Any]) -> Iterator[str]:
    yield from _table(("field", "kind"), ((f"`{name}`", _kind(hint)) for name, hint in hints.items()))


def _kind(hint: Any) -> str:
    optional = type(None) in typing.get_args(hint)
    if optional:
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        hint, *rest = typing.get_args(hint)
        marks = tuple(rest)
    words = {str: "text", int: "whole number", bool: "true or false"}
    kind = " \\| ".join(typing.get_args(hint)) if typing.get_origin(hint) is Literal else words.get(hint, "date")
    sealed = next((f", sealed ({mark.purpose})" for mark in marks if isinstance(mark, Sealed)), "")
    return f"{kind}{sealed}{', optional' if optional else ''}"


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]


def _table(headings: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    PAGES.mkdir(parents=True, exist_ok=True)
    for page, content in pages().items():
        (PAGES / page).write_text(content)
        print(f"docs/reference/{page}")
