"""A small year, written by hand, with something of everything; its figures can be counted with a pencil."""

from tests.reporting.made import ACTIVITIES, MEMBERSHIP, NEIGHBOUR, RELIEF, Logs

PERSON = {"sex": "female", "employment": "in_service"}


def write_year(logs: Logs) -> None:
    """What happened at the station from 2016 to 2018, and a little at its neighbour."""
    write_membership(logs)
    write_activities(logs)
    write_relief(logs)
    logs.write(f"{NEIGHBOUR}/membership", "MemberRegistered", "2017-01-01", person_id="gu", **PERSON)
    logs.write(f"{NEIGHBOUR}/activities", "CardSwiped", "2017-05-06", person_id="an", kind="hike", theme="hills")


def write_membership(logs: Logs) -> None:
    for union in ("u1", "u2"):
        logs.write(MEMBERSHIP, "UnionRegistered", "2016-12-01", union_id=union, kind="single")
    for person in ("an", "bo", "chu"):
        logs.write(MEMBERSHIP, "MemberRegistered", "2016-12-01", person_id=person, **PERSON)
        logs.write(MEMBERSHIP, "CardIssued", "2016-12-02", person_id=person)
    logs.write(MEMBERSHIP, "MemberJoined", "2017-03-10", person_id="di", sex="male", employment="in_service")
    logs.write(MEMBERSHIP, "MemberLeft", "2017-06-15", person_id="chu")
    logs.write(MEMBERSHIP, "CardUnbound", "2017-06-15", person_id="chu", reason="left")
    logs.write(MEMBERSHIP, "UnionDissolved", "2017-07-01", union_id="u2")
    logs.write(MEMBERSHIP, "MemberRejoined", "2017-11-20", person_id="chu", **PERSON)
    logs.write(MEMBERSHIP, "MemberJoined", "2018-01-05", person_id="er", **PERSON)
    national = {"title": "national_model_worker"}
    logs.write(MEMBERSHIP, "HonourRecorded", "2016-12-01", person_id="an", service="in_service", **national)
    logs.write(MEMBERSHIP, "HonourRecorded", "2016-12-01", person_id="bo", service="in_service", **national)
    retired = {"service_before": "in_service", "service": "retired"}
    logs.write(MEMBERSHIP, "HonoureeRetired", "2017-04-30", person_id="an", **national, **retired)
    logs.write(MEMBERSHIP, "ProfileValueStated", "2016-12-01", item="area_hectares", value=240)
    logs.write(MEMBERSHIP, "ProfileValueStated", "2017-02-01", item="area_hectares", value=243)
    logs.write(MEMBERSHIP, "ProfileValueStated", "2016-12-01", item="residents", value=80_000)
    logs.write(MEMBERSHIP, "ProfileValueStated", "2018-01-01", item="residents", value=81_000)


def write_activities(logs: Logs) -> None:
    hike = {"kind": "hike", "theme": "hills"}
    film = {"kind": "screening", "theme": "film"}
    for day, community, places in (("2017-05-06", "west", 30), ("2017-05-20", "east", 20), ("2017-05-27", "west", 0)):
        logs.write(ACTIVITIES, "ActivityHeld", day, community=community, by_card=places > 0, places=places, **hike)
    logs.write(ACTIVITIES, "ActivityHeld", "2017-11-03", by_card=True, places=10, **film)
    for person, day in (("an", "2017-05-06"), ("bo", "2017-05-06"), ("an", "2017-05-20"), ("chu", "2017-05-20")):
        logs.write(ACTIVITIES, "CardSwiped", day, person_id=person, **hike)
    logs.write(ACTIVITIES, "SwipeAnnulled", "2017-05-20", person_id="chu", **hike)
    logs.write(ACTIVITIES, "SwipeAnnulled", "2017-05-20", person_id="an", **hike)
    logs.write(ACTIVITIES, "CardSwiped", "2017-11-03", person_id="di", **film)
    kits = {"item": "hygiene_kit", "to": "union"}
    logs.write(ACTIVITIES, "HandedOut", "2017-03-02", recipient_id="u1", quantity=100, **kits)
    logs.write(ACTIVITIES, "HandedOut", "2017-03-02", recipient_id="an", quantity=1, item="hygiene_kit", to="person")
    logs.write(
        ACTIVITIES, "HandOutCorrected", "2017-03-02", recipient_id="u1", quantity_before=100, quantity=90, **kits
    )
    logs.write(ACTIVITIES, "GoodsOrdered", "2017-07-01", item="cooling_pack", quantity=45, cost_fen=202_500)
    logs.write(ACTIVITIES, "StaffTrainingAttended", "2017-10-09", level="city", out_of_town=True)
    logs.write(ACTIVITIES, "StaffTrainingAttended", "2017-10-09", level="district", out_of_town=False)
    for person in ("an", "an", "bo"):
        logs.write(ACTIVITIES, "CadreTrained", "2017-09-01", person_id=person, post="finance_officer")


def write_relief(logs: Logs) -> None:
    grant = {"programme": "warmth", "category": "deep", "fund_source": "own"}
    logs.write(RELIEF, "GrantPaid", "2017-01-20", person_id="an", amount_fen=300_000, **grant)
    logs.write(RELIEF, "GrantPaid", "2017-04-20", person_id="bo", amount_fen=100_001, **grant)
    logs.write(RELIEF, "PaymentReversed", "2017-05-08", person_id="bo", amount_fen=100_001, **grant)
    logs.write(RELIEF, "GrantPaid", "2017-11-20", person_id="bo", amount_fen=100_000, **grant)
    gift = {"occasion": "new_year", "recipient": "model_worker"}
    logs.write(RELIEF, "ConsolationSignedFor", "2017-01-16", recipient_id="an", amount_fen=50_000, **gift)
    logs.write(RELIEF, "TuitionAidDrawn", "2017-08-20", person_id="bo", amount_fen=400_000, decided_by="district")
    logs.write(RELIEF, "ExitPlanned", "2017-02-01", person_id="an", exit_by="2018-12-31")
    logs.write(RELIEF, "ExitPlanned", "2017-02-01", person_id="bo", exit_by="2018-12-31")
    logs.write(RELIEF, "ExitPlanWithdrawn", "2017-09-01", person_id="bo", reason="other")
