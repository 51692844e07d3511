"""What membership looks up before the transaction: who is behind an identity number, which token a card has."""

from lastmile.kernel.store.execution import WorkPlace
from services.membership import admission, card_issuing, transfer
from services.membership.views import found_by

Admitted = admission.RegisterMember | admission.JoinMember | transfer.AcceptTransfer
Carded = card_issuing.IssueCard | card_issuing.ReplaceCard


def persons(place: WorkPlace, commands: list[Admitted]) -> list[str]:
    numbers = [command.identity_number for command in commands]
    found = place.keystore.persons_behind("identity number", numbers)
    pairs = zip(numbers, found, strict=True)
    place.keystore.hint(found_by.IDENTITY_TAIL, ((number[-4:], person_id, "") for number, person_id in pairs))
    return found


def card_tokens(place: WorkPlace, commands: list[Carded]) -> list[str]:
    tokens = [place.keystore.master.blind("card number", command.card_number) for command in commands]
    pairs = zip(commands, tokens, strict=True)
    hinted = ((command.card_number[-4:].upper(), command.person_id, token) for command, token in pairs)
    place.keystore.hint(found_by.CARD_TAIL, hinted)
    return tokens
