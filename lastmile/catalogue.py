"""What the services offer, read off their definitions, for the gateway."""

from lastmile.composition import definition_of
from lastmile.kernel.domain.events import command_type
from lastmile.kernel.store.service import Definition
from lastmile.settings import SERVICES
from services.gateway.catalogue import Catalogue, CommandOffered, QuestionOffered, ServiceOffered


def catalogue() -> Catalogue:
    """Everything that may be asked of the services."""
    return Catalogue({name: offered_by(definition_of(name)) for name in SERVICES})


def offered_by(definition: Definition) -> ServiceOffered:
    """What one service offers."""
    return ServiceOffered(
        name=definition.name,
        permissions=definition.permissions,
        commands={
            handles.name: CommandOffered(
                definition.name,
                handles.name,
                handles.aggregate.name,
                definition.schemas.get(handles.name) or command_type(handles.command).schema,
                _words(handles.command),
            )
            for handles in definition.handlers.handled
        },
        questions={
            query.name: QuestionOffered(
                definition.name, query.name, query.parameters, query.listed, _words(query.view), query.answered
            )
            for query in definition.queries
        },
        confirmed=definition.confirmed,
        has_log=bool(definition.handlers.handled),
        follows=frozenset().union(*(found for name, found in definition.follows.items() if name != "erasures")),
    )


def _words(documented: object) -> str:
    return " ".join((documented.__doc__ or "").split())
