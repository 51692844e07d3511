"""What activities looks up before the transaction: which token a card number has."""

from lastmile.kernel.store.execution import WorkPlace
from services.activities import swiping

Numbered = swiping.RecordSwipe | swiping.AnnulSwipe


def card_tokens(place: WorkPlace, commands: list[Numbered]) -> list[str]:
    return [place.keystore.master.blind("card number", command.card_number) for command in commands]
