"""A fact that is recorded once: the same again is nothing new, another one under the same name is refused."""

from typing import TypeVar

from lastmile.kernel.domain.failures import Refused

Fact = TypeVar("Fact")


def once(recorded: Fact | None, fact: Fact, refusal: Refused) -> list[Fact]:
    """`fact` if nothing was recorded; nothing if just this was. Raises `refusal` otherwise."""
    if recorded is None:
        return [fact]
    if recorded == fact:
        return []
    raise refusal


def evolve_once(_recorded: Fact | None, fact: Fact) -> Fact:
    return fact
