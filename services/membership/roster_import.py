"""A roster brought in as one import: opened, its rows entered as members, confirmed; or undone as a whole."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never

from marshmallow import validate

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Quantity, Today

Sha256 = Annotated[str, validate.Regexp(r"^[0-9a-f]{64}\Z", error="Not a SHA-256: 64 digits 0-9 a-f.")]
Number = Annotated[int, validate.Range(0, 10**9)]

# These shapes are kept for ever.


@event()
class ImportOpened:
    """A roster file was checked, and its rows are about to be entered."""

    import_id: Id
    file_sha256: Sha256
    rows: Quantity
    occurred_on: date


@event()
class ImportConfirmed:
    """What could be entered of the roster was entered: this many members so far, and none before."""

    import_id: Id
    admitted: Number
    occurred_on: date


@event()
class ImportUndone:
    """The import was undone: so many admissions taken back, so many left because the membership was touched since."""

    import_id: Id
    undone: Number
    left: Number
    occurred_on: date


ImportEvent = ImportOpened | ImportConfirmed | ImportUndone


@dataclass(frozen=True)
class Unopened:
    """No such import yet."""


@dataclass(frozen=True)
class Opened:
    """Rows may be entered; `admitted` is how many were when it was confirmed last."""

    admitted: int | None = None


@dataclass(frozen=True)
class Undone:
    """Taken back."""


ImportState = Unopened | Opened | Undone


def evolve(state: ImportState, event: ImportEvent) -> ImportState:
    match event:
        case ImportOpened():
            return Opened()
        case ImportConfirmed():
            return Opened(event.admitted)
        case ImportUndone():
            return Undone()
        case _:
            assert_never(event)


@command
class OpenImport:
    """Open the import of a checked roster."""

    import_id: Id
    file_sha256: Sha256
    rows: Quantity
    today: Today


@command
class ConfirmImport:
    """Enter that all rows of the roster were tried."""

    import_id: Id
    today: Today


@command
class UndoImport:
    """Enter that the import was taken back, after its admissions were."""

    import_id: Id
    today: Today


class ImportWasUndone(Refused):
    """An import that was undone takes no rows; the same file is imported anew."""


class AdmissionsStand(Refused):
    """Admissions of the import stand that could be undone: undo them first."""


@dataclass(frozen=True)
class Admissions:
    """What became of the members whom an import admitted."""

    standing: int = 0
    touched: int = 0
    undone: int = 0


def open_import(command: OpenImport, state: ImportState) -> list[ImportEvent]:
    match state:
        case Unopened():
            return [
                ImportOpened(
                    import_id=command.import_id,
                    file_sha256=command.file_sha256,
                    rows=command.rows,
                    occurred_on=command.today,
                )
            ]
        case Opened():
            return []
        case Undone():
            raise ImportWasUndone(import_id=command.import_id)
        case _:
            assert_never(state)


def confirm_import(command: ConfirmImport, state: ImportState, admissions: Admissions) -> list[ImportEvent]:
    match state:
        case Opened(admitted=admitted):
            now = admissions.standing + admissions.touched
            if admitted == now:
                return []
            return [ImportConfirmed(import_id=command.import_id, admitted=now, occurred_on=command.today)]
        case Undone():
            raise ImportWasUndone(import_id=command.import_id)
        case Unopened():
            raise NotFound(f"there is no import {command.import_id}", import_id=command.import_id)
        case _:
            assert_never(state)


def undo_import(command: UndoImport, state: ImportState, admissions: Admissions) -> list[ImportEvent]:
    match state:
        case Opened():
            if admissions.standing:
                raise AdmissionsStand(f"{admissions.standing} admissions stand", import_id=command.import_id)
            return [
                ImportUndone(
                    import_id=command.import_id,
                    undone=admissions.undone,
                    left=admissions.touched,
                    occurred_on=command.today,
                )
            ]
        case Undone():
            return []
        case Unopened():
            raise NotFound(f"there is no import {command.import_id}", import_id=command.import_id)
        case _:
            assert_never(state)


roster_import = Aggregate("roster_import", Unopened(), evolve, ImportEvent)
