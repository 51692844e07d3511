"""Instants as access keeps them: texts in UTC that sort by time."""

from datetime import UTC, datetime, timedelta


def instant(moment: datetime) -> str:
    """The moment in UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moved(moment: str, span: timedelta) -> str:
    """The instant that lies `span` after `moment` (before it, if negative)."""
    return instant(datetime.fromisoformat(moment) + span)


def seconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
