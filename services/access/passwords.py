"""Passwords kept as argon2id: hashing and checking, which take long on purpose and so run aside."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lastmile.kernel.store.execution import WorkPlace

NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$9qHbAt9t0lNAvBvUQWPVcg$0MD5p6nIl/l8lakeq576Ka1SzSDXZZ9dpcq0gbEgtJQ"
"""Checked where there is no account, so that an unknown name takes as long as a known one."""


def hashed(place: WorkPlace, password: str) -> str:
    made: str = place.aside(hasher().hash, password)
    return made


def fits(place: WorkPlace, kept: str | None, password: str) -> bool:
    """Whether this is the password behind the hash; with no hash it takes as long, and is not."""
    right: bool = place.aside(_fits, kept or NOBODYS, password)
    return right and kept is not None


def _fits(kept: str, password: str) -> bool:
    try:
        return hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def hasher() -> PasswordHasher:
    """RFC 9106, section 4, second recommendation: 64 MiB, three passes, four lanes."""
    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
