"""The dated list of communities (社区) that the station serves."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.fields import ClearText, Id, Text
from services.membership.dated import refuse_dated_before

# These shapes are kept for ever.


@event()
class CommunityListed:
    """A community belongs to the sub-district from this date on."""

    community: Id
    name: Text
    occurred_on: date


@event()
class CommunityDelisted:
    """A community no longer belongs to the sub-district."""

    community: Id
    occurred_on: date


CommunityEvent = CommunityListed | CommunityDelisted


@dataclass(frozen=True)
class Unlisted:
    """Not a community of this station now."""

    since: date | None = None


@dataclass(frozen=True)
class Listed:
    """A community of this station."""

    since: date


CommunityState = Unlisted | Listed


def evolve(state: CommunityState, event: CommunityEvent) -> CommunityState:
    match event:
        case CommunityListed():
            return Listed(event.occurred_on)
        case CommunityDelisted():
            return Unlisted(event.occurred_on)
        case _:
            assert_never(event)


@command
class ListCommunity:
    """Enter a community of the sub-district."""

    community: Id
    name: ClearText
    occurred_on: date


@command
class DelistCommunity:
    """Enter that a community left the sub-district."""

    community: Id
    occurred_on: date


def list_community(command: ListCommunity, community: CommunityState) -> list[CommunityEvent]:
    match community:
        case Unlisted(since=since):
            refuse_dated_before(since, command.occurred_on)
            return [CommunityListed(community=command.community, name=command.name, occurred_on=command.occurred_on)]
        case Listed():
            return []
        case _:
            assert_never(community)


def delist_community(command: DelistCommunity, community: CommunityState) -> list[CommunityEvent]:
    match community:
        case Listed(since=since):
            refuse_dated_before(since, command.occurred_on)
            return [CommunityDelisted(community=command.community, occurred_on=command.occurred_on)]
        case Unlisted():
            return []
        case _:
            assert_never(community)


community = Aggregate("community", Unlisted(), evolve, CommunityEvent)
