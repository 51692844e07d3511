"""What `make secrets` wrote, for the tests of what containers are given."""

import pytest

from tests.deploy.composed import make_secrets, read_env


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `make secrets` wrote."""
    directory = tmp_path_factory.mktemp("secrets")
    assert make_secrets(directory).returncode == 0
    return read_env(directory / ".env")
