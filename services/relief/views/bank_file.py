"""The rows of a pay list's bank file, account numbers in clear: for whoever recorded just now that they ask."""

from datetime import timedelta
from typing import Any

from lastmile.kernel.domain.aggregate import stream_name
from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import Forbidden
from lastmile.kernel.store import log
from lastmile.kernel.store.service import Asking
from services.relief.pay_list import pay_list
from services.relief.payee import PayeeRecorded
from services.relief.views.pay_lists import lines_of
from services.relief.views.payees import payee

SHOWN_FOR = timedelta(minutes=10)
"""How long after the recorded export the file may be fetched."""


def bank_file(asking: Asking) -> dict[str, Any]:
    """The rows of a pay list's bank file, for whoever recorded just now that they ask.

    The fields of an account are None where none was recorded, or where the person was erased.
    """
    pay_list_id = asking.parameters["pay_list_id"]
    _recorded(asking, pay_list_id)
    rows = [
        {
            "reference": line["application_id"],
            "person_id": line["person_id"],
            "amount_fen": line["amount_fen"],
            **_account(asking, line["person_id"]),
        }
        for line in lines_of(asking.connection, asking.station, pay_list_id)
    ]
    return {"pay_list_id": pay_list_id, "rows": rows}


def _account(asking: Asking, person_id: str) -> dict[str, str | None]:
    sealed = event_type(PayeeRecorded).sealed
    found = payee(asking.connection, asking.station, person_id)
    if found is None:
        return dict.fromkeys(sealed)
    data = log.entry_at(asking.connection, log_name(asking.station, "relief"), found.position)
    assert data is not None, "what the view names stands in the log"
    entry, keystore = Entry.from_bytes(data), asking.resources.keystore
    return {
        name: keystore.unseal(person_id, purpose, entry.event_id, name, entry.payload[name])
        if name in entry.payload
        else None
        for name, purpose in sealed.items()
    }


def _recorded(asking: Asking, pay_list_id: str) -> None:
    """Raises Forbidden unless the asker recorded the export of this list lately."""
    stream = stream_name(asking.station, pay_list.name, pay_list_id)
    since = log.instant(asking.resources.clock() - SHOWN_FOR)
    entries = log.streams(asking.connection, log_name(asking.station, "relief"), [stream]).get(stream, [])
    if not any(entry.actor == asking.identity.person_id and entry.recorded_at >= since for entry in entries):
        raise Forbidden(f"the bank file of {pay_list_id} is read after ExportBankFile alone", asked="bank_file")
