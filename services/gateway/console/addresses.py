"""Addresses that came from outside: only one of this console is followed."""

from urllib.parse import urlsplit


def own_address(address: str) -> str:
    """The address if it is a path of this console, else nothing."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or any(c in address for c in "\r\n\t\\"):
        return ""
    found = urlsplit(address)
    return address if not found.scheme and not found.netloc else ""
