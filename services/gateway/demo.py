"""What only a home for practice has: a clock that a page may set, and accounts whose secrets everybody may know."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class Demo(Protocol):
    """A home for practice, as the console shows it."""

    def clock(self) -> datetime:
        """The instant that the home believes it is."""

    def set_clock(self, moment: datetime) -> None:
        """Believe another instant from now on."""

    def accounts(self) -> Sequence[Mapping[str, str]]:
        """One account a role: account_name, password, role, name, and code, that of its second factor right now."""
