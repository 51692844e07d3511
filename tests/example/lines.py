"""Each line of the report as a rule over the recount, in the order of the published figures."""

from collections.abc import Callable
from decimal import Decimal

from tests.example.recount import Recount, Value, percent

NATIONAL, MUNICIPAL = "national_model_worker", "municipal_model_worker"

LINES: dict[str, Callable[[Recount], Value]] = {
    "station.area_km2": lambda r: Decimal(r.stated("area_hectares")) / 100,
    "station.communities": lambda r: len(r.named("ListCommunity")) - len(r.named("DelistCommunity")),
    "station.registered_households": lambda r: r.stated("registered_households"),
    "station.residents": lambda r: r.stated("residents"),
    "station.founded_year": lambda r: r.stated("founded_year"),
    "station.service_staff": lambda r: r.staff("service_station"),
    "station.accounting_staff": lambda r: r.staff("accounting_centre"),
    "membership.unions": lambda r: r.unions(),
    "membership.members": lambda r: len(r.members()),
    "membership.members_with_card": lambda r: r.members_with_card(),
    "membership.card_coverage": lambda r: percent(r.members_with_card(), len(r.members())),
    "membership.committee_meetings": lambda r: len(r.held("2017-01", "2017-03", kind="committee_meeting")),
    "honours.model_workers": lambda r: r.honours(NATIONAL, MUNICIPAL),
    "honours.model_workers_national": lambda r: r.honours(NATIONAL),
    "honours.model_workers_national_in_service": lambda r: r.honours(NATIONAL, service="in_service"),
    "honours.model_workers_municipal": lambda r: r.honours(MUNICIPAL),
    "honours.model_workers_municipal_in_service": lambda r: r.honours(MUNICIPAL, service="in_service"),
    "honours.model_workers_retired": lambda r: r.honours(NATIONAL, MUNICIPAL, service="retired"),
    "honours.district_labour_medals": lambda r: r.honours("district_labour_medal"),
    "honours.party_congress_delegates": lambda r: r.honours("party_congress_delegate"),
    "training.staff_attendances": lambda r: len(r.named("RecordStaffTraining")),
    "training.cadres_trained": lambda r: len({a.body["person_id"].person for a in r.named("TrainCadre")}),
    "training.city_courses_away": lambda r: sum(
        a.body["level"] == "city" and a.body["out_of_town"]
        for a in r.named("RecordStaffTraining", first="2017-10", last="2017-10")
    ),
    "activities.temple_fair_tickets": lambda r: r.handed_out("temple_fair_ticket", "2017-01", "2017-02"),
    "activities.film_tickets": lambda r: r.handed_out("film_ticket", "2017-02", "2017-02"),
    "activities.health_lectures": lambda r: len(
        r.held("2017-03", "2017-03", kind="lecture", theme="spring_infections")
    ),
    "activities.hygiene_kits": lambda r: r.handed_out("hygiene_kit", "2017-03", "2017-03"),
    "activities.farm_visit_members": lambda r: r.people_at(r.held("2017-04", "2017-04", theme="farm_visit")),
    "activities.may_communities": lambda r: len({a.body["community"] for a in r.may()}),
    "activities.may_members": lambda r: r.people_at(r.may()),
    "activities.venue_agreements": lambda r: len(r.named("SignVenueAgreement", first="2017-06", last="2017-06")),
    "activities.safety_lectures": lambda r: len(r.held("2017-07", "2017-07", kind="lecture", theme="work_safety")),
    "activities.safety_quiz_audience": lambda r: r.total(
        "AddressQuiz", "addressed", "2017-07", "2017-07", theme="work_safety"
    ),
    "activities.cooling_packs": lambda r: r.total("OrderGoods", "quantity", "2017-07", "2017-08", item="cooling_pack"),
    "activities.cooling_spend_fen": lambda r: r.total(
        "OrderGoods", "cost_fen", "2017-07", "2017-08", item="cooling_pack"
    ),
    "activities.site_visits": lambda r: len(r.named("VisitSite", first="2017-07", last="2017-08")),
    "activities.august_medicines": lambda r: r.handed_out("summer_medicine", "2017-08", "2017-08"),
    "activities.badminton_players": lambda r: r.people_at(
        r.held("2017-09", "2017-09", kind="tournament", theme="badminton")
    ),
    "activities.child_care_classes": lambda r: len(r.held(kind="child_care_class")),
    "activities.district_competitions": lambda r: len(r.held(kind="district_competition")),
    "activities.reading_events": lambda r: len(r.held(kind="reading")),
    "activities.model_worker_talks": lambda r: len(r.held(kind="talk", theme="model_workers")),
    "activities.congress_study": lambda r: len(r.held("2017-10", "2017-10", kind="study", theme="party_congress")),
    "activities.months_active": lambda r: len({a.body["occurred_on"][:7] for a in r.named("HoldActivity")}),
    "activities.card_swipes": lambda r: len(r.swipes()),
    "activities.places": lambda r: sum(a.body["places"] for a in r.held(by_card=True)),
    "activities.participation_rate": lambda r: percent(
        len(r.swipes()), sum(a.body["places"] for a in r.held(by_card=True))
    ),
    "consolation.new_year_fen": lambda r: r.consoled_fen("new_year", first="2017-01", last="2017-02"),
    "consolation.may_day_fen": lambda r: r.consoled_fen("may_day"),
    "consolation.double_ninth_fen": lambda r: r.consoled_fen("double_ninth", first="2017-10", last="2017-10"),
    "consolation.total_fen": lambda r: r.consoled_fen("new_year", "may_day", "double_ninth"),
    "relief.warmth_person_times": lambda r: r.warmth()[0],
    "relief.warmth_fen": lambda r: r.warmth()[1],
    "relief.tuition_fen": lambda r: r.tuition_fen(),
    "relief.planned_exits": lambda r: r.planned_exits(),
    "relief.total_fen": lambda r: LINES["consolation.total_fen"](r) + r.warmth()[1] + r.tuition_fen(),
}
