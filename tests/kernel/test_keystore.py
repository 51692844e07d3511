"""Personal data opens only with the person's key, at the event and field it was sealed for, until the key is gone."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import (
    Keystore,
    MasterKey,
    PersonIsErased,
    keystore_tables,
    person_keys,
    seal,
    unseal,
)
from tests.kernel.sample import LOG, Sample

KEY, OTHER_KEY = bytes(32), bytes([1] * 32)
NAME = ("wang", "name")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_sealed_text_opens_with_its_key(text: str) -> None:
    assert unseal(KEY, "event", "name", seal(KEY, "event", "name", text)) == text


def test_the_same_text_is_never_sealed_to_the_same_twice() -> None:
    assert seal(KEY, "event", "name", "王小明") != seal(KEY, "event", "name", "王小明")


@pytest.mark.parametrize(
    ("key", "event", "field"),
    [(OTHER_KEY, "event", "name"), (KEY, "another event", "name"), (KEY, "event", "phone"), (KEY, "event/na", "me")],
)
def test_sealed_text_opens_at_its_own_event_and_field_alone(key: bytes, event: str, field: str) -> None:
    with pytest.raises(ValueError, match="was changed"):
        unseal(key, event, field, seal(KEY, "event", "name", "王小明"))


@given(st.integers(0, 15), st.integers(1, 63))
def test_sealed_text_that_was_changed_does_not_open(place: int, by: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    sealed = seal(KEY, "event", "name", "王小明")
    character = alphabet[alphabet.index(sealed[2 + place]) ^ by]
    with pytest.raises(ValueError, match="was changed"):
        unseal(KEY, "event", "name", sealed[: 2 + place] + character + sealed[3 + place :])


def test_an_algorithm_nobody_knows_is_named() -> None:
    with pytest.raises(ValueError, match="'9'"):
        unseal(KEY, "event", "name", "9.AAAA")


def test_a_person_has_one_key_for_each_purpose(keystore: Keystore) -> None:
    first = keystore.keys([NAME, ("wang", "phone"), ("li", "name"), NAME])
    assert len(set(first.values())) == 3
    assert keystore.keys(first) == first


def test_keys_lie_wrapped_under_the_master_key(keystore: Keystore) -> None:
    key = keystore.keys([NAME])[NAME]
    with keystore.database.read() as connection:
        (row,) = connection.execute(select(person_keys)).all()
    assert key not in row.wrapped
    with pytest.raises(InvalidUnwrap):
        Keystore(keystore.database, MasterKey(OTHER_KEY)).keys([NAME])


def test_a_key_that_was_moved_to_another_person_does_not_open_what_that_person_sealed(keystore: Keystore) -> None:
    keys = keystore.keys([NAME, ("li", "name")])
    sealed = seal(keys[NAME], "event", "name", "王小明")
    with keystore.database.write() as connection:
        other = connection.execute(select(person_keys.c.wrapped).where(person_keys.c.person_id == "li")).scalar_one()
        connection.execute(update(person_keys).where(person_keys.c.person_id == "wang").values(wrapped=other))
    with pytest.raises(ValueError, match="was changed"):
        keystore.unseal("wang", "name", "event", "name", sealed)


def test_after_erasure_nothing_opens_and_nothing_more_is_kept(keystore: Keystore) -> None:
    sealed = seal(keystore.keys([NAME])[NAME], "event", "name", "王小明")
    (person,) = keystore.persons_behind("identity number", ["990101198001010012"])
    keystore.keys([(person, "name")])
    assert keystore.unseal("wang", "name", "event", "name", sealed) == "王小明"
    for gone in ("wang", person):
        keystore.erase(gone, "the event that says so")
    assert keystore.unseal("wang", "name", "event", "name", sealed) is None
    assert keystore.person_behind("identity number", "990101198001010012") is None
    with pytest.raises(PersonIsErased):
        keystore.keys([("wang", "phone")])


def test_erasing_twice_is_harmless_and_touches_nobody_else(keystore: Keystore) -> None:
    others = keystore.keys([("li", "name")])
    keystore.keys([NAME])
    keystore.erase("wang", "event")
    keystore.erase("wang", "event")
    assert keystore.keys(others) == others


def test_an_erased_key_is_no_longer_in_the_files(keystore: Keystore) -> None:
    keystore.keys([NAME])
    with keystore.database.read() as connection:
        wrapped = connection.execute(select(person_keys.c.wrapped)).scalar_one()
    path = Path(str(keystore.database.url.database))
    files = [path, path.with_name(f"{path.name}-wal")]
    assert any(wrapped in file.read_bytes() for file in files)
    keystore.erase("wang", "event")
    assert not any(wrapped in file.read_bytes() for file in files if file.exists())


def test_the_key_store_stays_shut_until_erasures_were_replayed(keystore: Keystore) -> None:
    keystore.erasures_replayed = False
    with pytest.raises(Unavailable):
        keystore.keys([NAME])
    with pytest.raises(Unavailable):
        keystore.unseal("wang", "name", "event", "name", "1.AAAA")


def test_an_identity_number_leads_to_one_person_for_ever(keystore: Keystore) -> None:
    first = keystore.persons_behind("identity number", ["a", "b", "a"])
    assert first[0] == first[2] != first[1]
    assert keystore.persons_behind("identity number", ["b", "c"])[0] == first[1]
    assert keystore.person_behind("identity number", "b") == first[1]
    assert keystore.person_behind("identity number", "never seen") is None
    assert keystore.person_behind("card number", "b") is None


def test_numbers_are_not_kept_in_clear(keystore: Keystore) -> None:
    keystore.persons_behind("identity number", ["990101198001010012"])
    path = Path(str(keystore.database.url.database))
    for file in (path, path.with_name(f"{path.name}-wal")):
        assert b"990101198001010012" not in file.read_bytes()


def test_two_kinds_and_two_deployments_hash_the_same_number_differently() -> None:
    one, two = MasterKey(KEY), MasterKey(OTHER_KEY)
    assert len({one.blind("a", "1"), one.blind("b", "1"), two.blind("a", "1"), one.wrapping.hex()}) == 4


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="31 bytes, not 32"):
        MasterKey(bytes(31))


def test_keys_are_made_on_each_kind_of_database(database_url: str) -> None:
    database = Database(database_url)
    keystore_tables.create_all(database.engine)
    keystore = Keystore(database, MasterKey(KEY))
    keys = keystore.keys([NAME])
    assert keystore.keys([NAME]) == keys
    keystore.erase("wang", "event")
    with pytest.raises(PersonIsErased):
        keystore.keys([NAME])
    database.close()


def test_an_entry_holds_the_name_as_ciphertext_bound_to_its_event(sample: Sample) -> None:
    sample.tell("box", "OpenBox", box_id="b", pieces=1)
    for number in (1, 2):
        sample.tell(f"greet {number}", "GreetGuest", person_id="wang", name="王小明")
    first, second = sample.entries()[1:]
    assert "王小明".encode() not in b"".join(sample.service.entries(LOG, 0, 10))
    sealed, unsealed = first.payload["name"], sample.keystore.unseal
    assert unsealed("wang", "name", first.event_id, "name", sealed) == "王小明"
    with pytest.raises(ValueError, match="was changed"):
        unsealed("wang", "name", second.event_id, "name", sealed)


def test_nothing_is_written_about_an_erased_person(sample: Sample) -> None:
    sample.tell("box", "OpenBox", box_id="b", pieces=1)
    sample.keystore.erase("wang", "event")
    with pytest.raises(PersonIsErased):
        sample.tell("greet", "GreetGuest", person_id="wang", name="王小明")
    assert len(sample.entries()) == 1


def test_persons_are_found_by_a_few_digits_until_they_are_erased(sample: Sample) -> None:
    keystore = sample.keystore
    keystore.hint("card", [("1234", "wang", "card-1"), ("1234", "li", "card-2"), ("9999", "li", "card-2")])
    keystore.hint("card", [("1234", "wang", "card-1")])
    assert sorted(keystore.hinted("card", "1234")) == [("li", "card-2"), ("wang", "card-1")]
    assert keystore.hinted("number", "1234") == []
    keystore.erase("li", "event")
    assert keystore.hinted("card", "1234") == [("wang", "card-1")]
    assert keystore.hinted("card", "9999") == []


def test_asking_who_is_known_makes_nobody_known(sample: Sample) -> None:
    (wang,) = sample.keystore.persons_behind("number", ["1"])
    assert sample.keystore.known_persons("number", ["2", "1", "2"]) == [None, wang, None]
    assert sample.keystore.person_behind("number", "2") is None
