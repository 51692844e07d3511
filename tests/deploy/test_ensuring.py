"""What the tests need is named where it is missing, found where it is there, and installed without starting it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.native import AMQP_VARIABLE, CHROMIUM_VARIABLE, DATABASE_VARIABLE, ProgramsMissing, chromium_program
from deploy.native import debian as debian_packages
from tests.deploy.servers import ROOT, environment_naming_no_server


def ensure(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.native", "--ensure", *words],
        cwd=ROOT,
        env=environment_naming_no_server() | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_ensure_says_exactly_what_to_install(tmp_path: Path) -> None:
    done = ensure(LASTMILE_NO_INSTALL="1", LASTMILE_TEST_PROGRAMS=str(tmp_path))
    assert done.returncode == 4
    assert "apt-get install --no-install-recommends rabbitmq-server postgresql" in done.stderr
    assert AMQP_VARIABLE in done.stderr
    assert DATABASE_VARIABLE in done.stderr


def test_ensure_asks_only_for_what_is_not_named(tmp_path: Path) -> None:
    done = ensure(
        LASTMILE_NO_INSTALL="1",
        LASTMILE_TEST_PROGRAMS=str(tmp_path),
        LASTMILE_TEST_AMQP_URI="amqp://guest:guest@broker.example//",
    )
    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == "missing for the tests: postgresql"


def test_ensure_needs_no_programs_when_both_servers_are_named(tmp_path: Path) -> None:
    done = ensure(
        LASTMILE_NO_INSTALL="1",
        LASTMILE_TEST_PROGRAMS=str(tmp_path),
        LASTMILE_TEST_AMQP_URI="amqp://guest:guest@broker.example//",
        LASTMILE_TEST_DATABASE_URL="postgresql://tests@database.example/tests",
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ensure_names_the_browser_too_and_what_to_do_where_it_is_a_snap(tmp_path: Path) -> None:
    snap = tmp_path / "chromium-browser"
    snap.write_text("#!/bin/sh\nexec /snap/bin/chromium\n")
    snap.chmod(0o755)
    done = ensure("--browser", LASTMILE_NO_INSTALL="1", LASTMILE_TEST_PROGRAMS=str(tmp_path))
    assert done.returncode == 4
    assert "rabbitmq-server postgresql chromium" in done.stderr
    assert "on Ubuntu that package is a snap" in done.stderr
    assert CHROMIUM_VARIABLE in done.stderr
    assert done.stderr.splitlines()[0].endswith(" and curl")


def test_ensure_names_curl_alone_without_a_variable_to_set_instead(tmp_path: Path) -> None:
    done = ensure(
        "--browser",
        LASTMILE_NO_INSTALL="1",
        LASTMILE_TEST_PROGRAMS=str(tmp_path),
        LASTMILE_TEST_AMQP_URI="amqp://guest:guest@broker.example//",
        LASTMILE_TEST_DATABASE_URL="postgresql://tests@database.example/tests",
        LASTMILE_TEST_CHROMIUM="/usr/bin/env",
    )
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "missing for the tests: curl",
        "install it (Debian or Ubuntu): apt-get install --no-install-recommends curl",
    ]


def test_a_browser_that_is_named_or_installed_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.delenv(CHROMIUM_VARIABLE, raising=False)
    monkeypatch.setenv("LASTMILE_TEST_PROGRAMS", str(tmp_path))
    assert chromium_program() == browser
    monkeypatch.setenv(CHROMIUM_VARIABLE, "/usr/bin/env")
    assert chromium_program() == Path("/usr/bin/env")
    monkeypatch.setenv(CHROMIUM_VARIABLE, str(tmp_path / "away"))
    with pytest.raises(ProgramsMissing, match="no program"):
        chromium_program()


def test_installing_holds_servers_back_and_disables_only_what_it_enabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, wants = tmp_path / "policy-rc.d", tmp_path / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "postgresql.service").touch()  # Enabled by somebody before us.
    (tmp_path / "apt-get").write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/orders; sh {policy}; echo $? >> {tmp_path}/orders\n'
        f"touch {wants}/rabbitmq-server.service {wants}/epmd.service\n"
    )
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(debian_packages, "POLICY", policy)
    monkeypatch.setattr(debian_packages, "SYSTEM_CONFIGURATION", tmp_path / "etc")
    debian_packages.install(["rabbitmq-server"])
    order, held_back = (tmp_path / "orders").read_text().splitlines()
    assert order.endswith("install -y --no-install-recommends rabbitmq-server")
    assert held_back == "101"
    assert not policy.exists()
    assert [link.name for link in wants.iterdir()] == ["postgresql.service"]
