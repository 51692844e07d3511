"""An admission that was undone counts, on its own day, as one that never was: in stocks and in flows."""

import pytest

from services.reporting.api import Reporting
from tests.reporting.made import MEMBERSHIP, STATION, Logs, followed, values
from tests.reporting.year import PERSON, write_year

FIGURES = ("members", "members_joined", "members_gone")
UNDONE = {"union_id": "u1", "import_id": "roster-1", **PERSON}


def counted(reporting: Reporting, logs: Logs) -> dict[str, object]:
    found = values(followed(reporting, logs).report(STATION, 2017))
    return {name: value for name, value in found.items() if name in FIGURES}


@pytest.mark.parametrize(
    ("event", "entrance"),
    [("MemberRegistered", "registered"), ("MemberJoined", "joined"), ("MemberRejoined", "rejoined")],
)
def test_after_an_import_was_undone_the_figures_are_as_before(reporting: Reporting, event: str, entrance: str) -> None:
    logs = Logs()
    write_year(logs)
    before = counted(reporting, logs)
    logs.write(MEMBERSHIP, event, "2017-05-02", person_id="fu", import_id="roster-1", **PERSON)
    with_import = counted(reporting, logs)
    assert with_import != before
    logs.write(MEMBERSHIP, "AdmissionUndone", "2017-05-02", person_id="fu", entrance=entrance, **UNDONE)
    assert counted(reporting, logs) == before
