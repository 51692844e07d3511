"""A database from before accounts is brought along: who was registered then has a name still."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy import text
from uuid6 import uuid7

from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.store import log
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, MasterKey, seal
from lastmile.kernel.store.migrating import alembic_config, upgrade
from services.access.api import ACCESS
from tests.access.door import HERE, Door
from tests.access.running import access_on, closed


def as_registered_before(database: Database, keystore: Keystore) -> None:
    """`li`, registered at position 1 when views did not tell positions."""
    with database.write() as connection:
        command.upgrade(alembic_config(connection, ACCESS.migrations), "0001")
        log.open_log(connection, HERE, "access")
    event_id, key = str(uuid7()), keystore.keys([("li", "identity")])["li", "identity"]
    payload = {"person_id": "li", "name": seal(key, event_id, "name", "李某")}
    told = {"actor": "operator", "role": "operator", "correlation_id": "c", "causation_id": "c", "command_id": "c"}
    draft = log.Draft(
        event_id=event_id,
        stream=f"{HERE}/person/li",
        version=1,
        type="PersonRegistered",
        schema=1,
        occurred_on="2017-01-02",
        payload=payload,
        **told,
    )
    with database.write() as connection:
        log.append(
            connection, log.lock_head(connection, log_name(HERE, "access")), [draft], datetime(2017, 1, 2, tzinfo=UTC)
        )
        connection.execute(text("INSERT INTO persons (station, person_id) VALUES (:s, 'li')"), {"s": HERE})


def test_who_was_registered_before_has_a_name_and_may_have_an_account(database_url: str, tmp_path: Path) -> None:
    fresh, _ = access_on(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)
    old = Database(database_url)
    as_registered_before(old, Keystore(fresh.resources.keystore.database, MasterKey(bytes(32))))
    upgrade(old, ACCESS.migrations)
    old.close()
    closed(fresh)
    door = Door(*access_on(database_url, tmp_path))
    assert door.ask("names", person_ids=["li"]) == {"names": {"li": "李某"}}
    door.open_account()
    assert door.ask("persons_list")["rows"][0]["account"] == "open"
    closed(door.access)
