"""A visit (走访) to a building site."""

from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id, Word
from services.activities.once import evolve_once, once

# These shapes are kept for ever.


@event()
class SiteVisited:
    """People of the station visited a site."""

    visit_id: Id
    site_id: Id
    purpose: Word
    occurred_on: date


@command
class VisitSite:
    """Enter a visit to a site."""

    visit_id: Id
    site_id: Id
    purpose: Word
    occurred_on: date


class VisitIdTaken(Refused):
    """Another visit has this id."""


def visit_site(command: VisitSite, visit: SiteVisited | None) -> list[SiteVisited]:
    visited = SiteVisited(
        visit_id=command.visit_id,
        site_id=command.site_id,
        purpose=command.purpose,
        occurred_on=command.occurred_on,
    )
    return once(visit, visited, VisitIdTaken(f"the visit id {command.visit_id} is taken", visit_id=command.visit_id))


site_visit = Aggregate("site_visit", None, evolve_once, SiteVisited)
