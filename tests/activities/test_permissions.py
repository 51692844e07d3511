"""Who may ask what of activities."""

import pytest

from lastmile.kernel.domain.failures import Forbidden
from lastmile.kernel.domain.identity import Identity, Role
from services.activities.api import ACTIVITIES
from services.activities.permissions import PERMISSIONS

OF_EVERY_SERVICE = {"RecordExport", "log_entries", "log_checkpoint", "log_proof", "applied"}
"""What all services with a log are asked alike."""

COMMANDS = set(ACTIVITIES.handlers.by_name) - OF_EVERY_SERVICE
QUESTIONS = {query.name for query in ACTIVITIES.queries} - OF_EVERY_SERVICE
OF_HEADS = {"CancelActivity", "AnnulSwipe"}
OF_OURSELVES = {"SettleSwipe"}


def test_every_command_and_question_has_its_row() -> None:
    assert set(PERMISSIONS) == COMMANDS | QUESTIONS | OF_EVERY_SERVICE


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role.CLERK, (COMMANDS - OF_HEADS - OF_OURSELVES) | QUESTIONS),
        (Role.STATION_HEAD, (COMMANDS - OF_OURSELVES) | QUESTIONS),
        (Role.CHAIR, OF_HEADS | QUESTIONS),
        (Role.VICE_CHAIR, QUESTIONS),
        (Role.CASHIER, set()),
        (Role.SERVICE, OF_OURSELVES),
    ],
)
def test_each_role_may_ask_just_this(role: Role, asked: set[str]) -> None:
    allowed = set()
    for name in set(PERMISSIONS) - OF_EVERY_SERVICE:
        try:
            Identity("someone", role, "110102017", "2099-01-01T00:00:00Z").may(name, "110102017", PERMISSIONS)
            allowed.add(name)
        except Forbidden:
            continue
    assert allowed == asked
