"""Which fields of an event stand sealed."""

from collections.abc import Mapping

from lastmile.kernel.domain.events import event_type
from lastmile.kernel.store.service import Service


def sealed_of(service: Service, type_name: str) -> Mapping[str, str]:
    """The purpose of each sealed field, by the field's name."""
    declared = {event_type(kind).name: event_type(kind).sealed for kind in service.definition.events}
    return declared[type_name]
