"""What is typed to find somebody is personal data: in addresses it stands sealed."""

from collections.abc import Collection, Mapping

from services.gateway import sealing


def sealed(typed: Mapping[str, str], searches: Collection[str]) -> dict[str, str]:
    """What was typed, for an address."""
    return {name: sealing.sealed(value) if name in searches else value for name, value in typed.items()}


def opened(given: Mapping[str, str], searches: Collection[str]) -> dict[str, str]:
    """What was typed, without what was written into the address itself, or altered there: that is not searched for."""
    found = {name: sealing.opened(value) if name in searches else value for name, value in given.items()}
    return {name: value for name, value in found.items() if value}
