"""`make vendor`: fetch the pinned npm packages and keep the files that pages load, their licences and their hashes."""

import hashlib
import io
import re
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WANTED = Path(__file__).with_name("vendored.toml")
VENDOR = ROOT / "services" / "gateway" / "static" / "vendor"
KEPT = VENDOR / "VENDORED.toml"
SPRITE = "icons.svg"
HEADING = "# Written by `make vendor`: which package each file is from, under which licence, and its SHA-256.\n"


def wanted() -> dict[str, Any]:
    return tomllib.loads(WANTED.read_text(encoding="utf-8"))


def kept() -> dict[str, Any]:
    """What VENDORED.toml says: package to its version, licence and files with their hashes."""
    return tomllib.loads(KEPT.read_text(encoding="utf-8"))


def fetched(package: str, version: str) -> Mapping[str, bytes]:
    """The files of a package as npm has it, by their path in it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
            members = [member for member in packed.getmembers() if member.isfile()]
            return {
                member.name.partition("/")[2]: file.read()
                for member in members
                if (file := packed.extractfile(member)) is not None
            }


def chosen(package: str, says: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """What is kept of a package: its files by name, the licence as `<package>.LICENSE`."""
    for path in says.get("files", ()):
        yield path.rpartition("/")[2], _without_source_map(files[path])
    if "sprite" in says:
        yield SPRITE, sprite(says["sprite"], files["bootstrap-icons.svg"].decode()).encode()
    yield f"{package}.LICENSE", files[says["licence"]["file"]]


def sprite(names: list[str], whole: str) -> str:
    """A sprite of these icons alone. Raises KeyError for one that the package does not have."""
    symbols = {found[1]: found[0] for found in re.finditer(r'<symbol[^>]* id="([^"]+)".*?</symbol>', whole, re.DOTALL)}
    return "".join(
        ('<svg xmlns="http://www.w3.org/2000/svg">\n', *(f"{symbols[name]}\n" for name in names), "</svg>\n")
    )


def _without_source_map(data: bytes) -> bytes:
    """A browser that looks for a source map which is not there says so in its console."""
    return re.sub(rb"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*$", b"\n", data)


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    told = [HEADING]
    for package, says in wanted().items():
        made = dict(chosen(package, says, fetched(package, says["version"])))
        for name, data in made.items():
            (VENDOR / name).write_bytes(data)
        hashes = "".join(f'"{name}" = "{hashlib.sha256(data).hexdigest()}"\n' for name, data in made.items())
        told.append(
            f'\n["{package}"]\nversion = "{says["version"]}"\nlicence = "{says["licence"]["name"]}"\n'
            f'\n["{package}".files]\n{hashes}'
        )
    KEPT.write_text("".join(told), encoding="utf-8")


if __name__ == "__main__":
    main()
