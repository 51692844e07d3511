"""The expected failures. Anything else is a bug and flies to the edge."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class Failure(Exception):
    """An expected failure with a stable code, what went wrong, where, and the next step."""

    code: ClassVar[str] = "failure"
    status: ClassVar[int] = 400

    def __init__(self, message: str = "", **where: Any) -> None:
        super().__init__(message or (self.__doc__ or type(self).__name__).strip().splitlines()[0])
        self.where = where

    def as_problem(self) -> dict[str, Any]:
        """The failure as problem+json members (RFC 9457)."""
        return {
            "type": f"urn:lastmile:{self.code}",
            "title": type(self).__name__,
            "status": self.status,
            "code": self.code,
            "detail": str(self),
            **({"where": self.where} if self.where else {}),
        }


class Refused(Failure):
    """A rule forbids it. Subclasses are named after the rule."""

    code = "refused"
    status = 409

    def __init_subclass__(cls) -> None:
        cls.code = _kebab(cls.__name__)


class NotFound(Failure):
    """There is no such thing."""

    code = "not-found"
    status = 404


class Conflict(Failure):
    """The same id was used before with another content, or a race was lost three times."""

    code = "conflict"
    status = 409


class Invalid(Failure):
    """The command is malformed; `fields` names each wrong field with what is wrong."""

    code = "invalid"
    status = 422

    def __init__(self, fields: dict[str, Any]) -> None:
        named = dict(_named(fields))
        super().__init__("; ".join(f"{name}: {_flat(what)}" for name, what in sorted(named.items())))
        self.fields = named

    def as_problem(self) -> dict[str, Any]:
        return {**super().as_problem(), "fields": self.fields}


class Forbidden(Failure):
    """This role may not do this here."""

    code = "forbidden"
    status = 403


class ConfirmationNeeded(Failure):
    """This needs a second factor given lately."""

    code = "confirmation-needed"
    status = 403


class StaleVersion(Failure):
    """The record was changed since it was read: read it again, then decide."""

    code = "stale-version"
    status = 412


class Unauthenticated(Failure):
    """The identity is missing, expired or not signed by access."""

    code = "unauthenticated"
    status = 401


class Unavailable(Failure):
    """A database, broker or service that is needed is away."""

    code = "unavailable"
    status = 503


def _named(fields: Mapping[Any, Any], outer: str = "") -> Iterator[tuple[str, Any]]:
    """Fields within fields by their place: `rows[3].command_id`."""
    for key, what in fields.items():
        name = f"{outer}[{key}]" if isinstance(key, int) else f"{outer}.{key}" if outer else str(key)
        if isinstance(what, Mapping):
            yield from _named(what, name)
        else:
            yield name, what


def _flat(what: Any) -> str:
    return " ".join(map(str, what)) if isinstance(what, list) else str(what)


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
