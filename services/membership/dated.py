"""Changes of one thing follow each other by date: what counts on a day would otherwise depend on the order of entry."""

from datetime import date

from lastmile.kernel.domain.failures import Refused


class DatedBefore(Refused):
    """A change is not dated before the last change of the same thing."""


def refuse_dated_before(since: date | None, occurred_on: date) -> None:
    """`since` is the date of the last change, None if there was none. The same day is fine."""
    if since is not None and occurred_on < since:
        raise DatedBefore(f"the last change is dated {since}: date this one on that day or later", since=str(since))
