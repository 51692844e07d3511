"""What relief keeps: files, one tuition aid for a person and year, sealed words, and events each under its own name."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from lastmile.kernel.domain.events import event_type
from services.relief.api import RELIEF
from services.relief.tuition import SecondAidForTheSamePurpose
from services.relief.views.tuition_aids import tuition_aids
from tests.relief.station import CODE, Station


def test_the_files_tell_category_persons_and_planned_exit(station: Station) -> None:
    station.tell("RegisterCase", person_id="qian", category="single_mother", persons=2)
    station.tell("PlanExit", person_id="zhao", exit_by="2018-12-31")
    station.tell("ExitCase", person_id="qian", reason="income")
    expected = {"person_id": "zhao", "category": "deep", "persons": 3, "since": "2017-01-05"}
    assert station.ask("cases") == [expected | {"exit_by": "2018-12-31", "membership_ended": None}]


def test_no_second_tuition_aid_for_the_same_year_unless_the_first_was_refused(station: Station) -> None:
    station.tell("ForwardTuitionAid", aid_id="t1", person_id="zhao", school_year="2017_2018")
    with pytest.raises(SecondAidForTheSamePurpose):
        station.tell("ForwardTuitionAid", aid_id="t2", person_id="zhao", school_year="2017_2018")
    station.tell("RefuseTuitionAid", aid_id="t1", reason="military")
    station.tell("ForwardTuitionAid", aid_id="t2", person_id="zhao", school_year="2017_2018")


def test_the_database_itself_holds_no_two_tuition_aids_of_a_person_and_year_at_two_stations(station: Station) -> None:
    aid = {"person_id": "zhao", "school_year": "2017_2018", "aid_id": "t1"}
    with station.service.database.write() as connection:
        connection.execute(insert(tuition_aids), aid | {"station": "110102015", "refused": 1})
        connection.execute(insert(tuition_aids), aid | {"station": CODE, "refused": 0})
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(insert(tuition_aids), aid | {"station": "110102018", "refused": 0})


def test_illness_family_and_ground_stand_in_the_log_as_ciphertext_alone(station: Station) -> None:
    station.walk("a1", until="Apply", ground="白血病")
    data = b"".join(entry.to_bytes() for entry in station.entries()).decode()
    assert "白血病" not in data
    assert "某病" not in data


def test_every_event_has_a_name_of_its_own() -> None:
    names = [event_type(kind).name for kind in RELIEF.events]
    assert len(names) == len(set(names)) == 40
