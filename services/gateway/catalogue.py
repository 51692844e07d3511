"""What the services offer, as data: the gateway's paths, forms and lists are made from it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema
from marshmallow.fields import Field

from lastmile.kernel.domain.fields import is_personal
from lastmile.kernel.domain.identity import STATION_ROLES, Permissions

LOG_QUESTIONS = frozenset({"log_entries", "log_checkpoint", "log_proof"})


@dataclass(frozen=True)
class CommandOffered:
    """An order that a service takes: the kind of record it is about, what its body must look like, and what it does."""

    service: str
    name: str
    aggregate: str
    schema: Schema
    words: str


@dataclass(frozen=True)
class QuestionOffered:
    """A question that a service answers; `listed` ones answer page by page."""

    service: str
    name: str
    schema: Schema
    listed: bool
    words: str
    answered: Field[Any]
    """What holds its answer, for those who read the document."""

    @property
    def personal(self) -> frozenset[str]:
        """The parameters into which personal data is given: they stand in no address."""
        return frozenset(name for name, kind in self.schema.fields.items() if is_personal(kind))


@dataclass(frozen=True)
class ServiceOffered:
    """One service as those outside see it."""

    name: str
    permissions: Permissions
    commands: Mapping[str, CommandOffered]
    questions: Mapping[str, QuestionOffered]
    confirmed: Collection[str] = ()
    has_log: bool = True
    follows: Collection[str] = ()
    """The services whose news its views show."""

    def is_for_people(self, name: str) -> bool:
        """Whether someone who signs in may ask this, rather than a service or the gateway alone."""
        return any(role in STATION_ROLES for role in self.permissions.get(name, {}))


@dataclass(frozen=True)
class Catalogue:
    """All services, by name."""

    services: Mapping[str, ServiceOffered]

    def commands(self) -> Iterator[CommandOffered]:
        """Every command that someone who signs in may ask."""
        for service in self.services.values():
            yield from (offered for name, offered in service.commands.items() if service.is_for_people(name))

    def questions(self) -> Iterator[QuestionOffered]:
        """Every question that someone who signs in may ask; whole logs are read through the feed."""
        for service in self.services.values():
            for name, offered in service.questions.items():
                if service.is_for_people(name) and name not in LOG_QUESTIONS:
                    yield offered
