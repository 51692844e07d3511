"""Showing a sealed field to someone: an event with its ground, before the field can be read."""

from collections.abc import Iterable
from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.fields import ClearText, Quantity, Text, Today, Word

# These shapes are kept for ever.


@event()
class FieldRevealed:
    """Someone was shown the sealed field `field` of the entry at `position` of this log, on this ground."""

    position: Quantity
    field: Word
    ground: Text
    occurred_on: date


@command
class RevealField:
    """Ask to be shown a sealed field of the entry at a position of this log; the question `revealed` then answers."""

    position: Quantity
    field: Word
    ground: ClearText
    today: Today


def reveal_field(command: RevealField, _state: None, is_sealed: bool) -> Iterable[FieldRevealed]:
    if not is_sealed:
        raise NotFound(f"no sealed field {command.field} stands at {command.position}", position=command.position)
    yield FieldRevealed(
        position=command.position, field=command.field, ground=command.ground, occurred_on=command.today
    )


def evolve(_state: None, _event: FieldRevealed) -> None:
    return None


reveal = Aggregate("reveal", None, evolve, FieldRevealed)
