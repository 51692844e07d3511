"""`python -m deploy.identity_key DIRECTORY`: keep the key that signs identities apart from the home that all share.

The private key lies in DIRECTORY, which is given to access alone; the home has a link to it and the public key, by
which every service checks who asks. Running it again changes nothing.
"""

import os
import sys
from pathlib import Path

from lastmile.home import Home
from lastmile.kernel.store.checkpoints import private_key


class IdentityKeyDiffers(Exception):
    """The home and the directory hold keys that do not belong together."""


def part_identity_key(home: Home, directory: Path) -> None:
    """Make the key in `directory` unless it is there, and have the home point to it. Raises IdentityKeyDiffers."""
    private, link, public = directory / "identity.pem", home.keys / "identity.pem", home.keys / "identity.pub"
    if public.exists() and not private.exists():
        raise IdentityKeyDiffers(f"{public} belongs to a private key that is not in {directory}: bring that one back")
    key = private_key(private)
    home.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not link.is_symlink() and not link.exists():
        link.symlink_to(private)
    home.identity_key()
    if not link.is_symlink() or public.read_bytes() != key.public_key().public_bytes_raw():
        raise IdentityKeyDiffers(f"{home.keys} has an identity key of its own beside the one in {directory}")


if __name__ == "__main__":
    try:
        part_identity_key(Home(Path(os.environ["LASTMILE_HOME"])), Path(sys.argv[1]))
    except IdentityKeyDiffers as error:
        sys.exit(str(error))
