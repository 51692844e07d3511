"""What pages load from elsewhere is kept here, unchanged, with its licence."""

import hashlib

from deploy.vendored import KEPT, VENDOR, kept, wanted


def test_every_vendored_file_has_its_hash() -> None:
    said = {name: told for package in kept().values() for name, told in package["files"].items()}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path != KEPT and path.is_file()
    }
    assert found == said


def test_every_package_is_pinned_and_bears_its_licence() -> None:
    for package, says in wanted().items():
        assert kept()[package]["version"] == says["version"]
        assert f"{package}.LICENSE" in kept()[package]["files"]
