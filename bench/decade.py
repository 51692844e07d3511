"""Ten years of fifteen stations, made up: the mix of the year 2017, as the entries of four logs a station."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from lastmile.kernel.domain.entry import NO_ENTRY, entry_hash

STATIONS = tuple(f"1101020{number:02d}" for number in range(1, 16))
YEARS = tuple(range(2017, 2027))
PERSONS = 6_000
UNIONS = 560

SHARES = {"activities": 0.62, "membership": 0.28, "relief": 0.09, "access": 0.01}
"""Of a station's entries, those in the log of each service."""

SEALED = "1.bm8gcGxhaW4gdGV4dCBidXQgY2lwaGVydGV4dCBvZiBhIHVzdWFsIGxlbmd0aA=="
"""What stands in an entry for a name or a number of a person."""

Payload = Callable[[Random], str]
"""The members of a payload as canonical JSON."""


_ITEMS = ("temple_fair_ticket", "film_ticket", "hygiene_kit", "summer_medicine", "cooling_pack")
_PUT_ON = (
    *(("hike", "spring"), ("walk", "autumn"), ("lecture", "spring_infections"), ("lecture", "work_safety")),
    *(("tournament", "badminton"), ("excursion", "farm_visit"), ("screening", "film"), ("class", "calligraphy")),
    *(("ticket_hand_out", "temple_fair"), ("reading", "speech"), ("talk", "model_workers"), ("party", "new_year")),
)


def _number(dice: Random, below: int) -> int:
    """A number from 0 on; dice.randrange would take most of the time of making entries."""
    return int(dice.random() * below)


def _person(dice: Random) -> str:
    return f"person-{_number(dice, PERSONS):05d}"


def _swipe(dice: Random) -> str:
    kind, theme = dice.choice(_PUT_ON)
    number = _number(dice, PERSONS)
    return (
        f'"activity_id":"{theme}-{_number(dice, 120)}","card_token":"{number:064x}","kind":"{kind}",'
        f'"person_id":"person-{number:05d}","theme":"{theme}"'
    )


def _held(dice: Random) -> str:
    kind, theme = dice.choice(_PUT_ON)
    return (
        f'"activity_id":"{theme}-{_number(dice, 120)}","by_card":true,'
        f'"community":"community-{_number(dice, 18):02d}","kind":"{kind}","places":{20 + _number(dice, 200)},'
        f'"theme":"{theme}"'
    )


def _handed_out(dice: Random) -> str:
    return (
        f'"item":"{dice.choice(_ITEMS)}","list_id":"list-{_number(dice, 200)}","quantity":{1 + _number(dice, 3)},'
        f'"recipient_id":"{_person(dice)}","signature_id":"signature-{_number(dice, 10**6)}","to":"person"'
    )


def _joined(dice: Random) -> str:
    return (
        f'"birth_year":{1950 + _number(dice, 50)},"employment":"{dice.choice(("in_service", "retired"))}",'
        f'"identity_number":"{SEALED}","name":"{SEALED}","person_id":"{_person(dice)}","phone":"{SEALED}",'
        f'"sex":"{dice.choice(("female", "male"))}","union_id":"{_union(dice)}"'
    )


def _union(dice: Random) -> str:
    return f"union-{_number(dice, UNIONS):03d}"


def _card(dice: Random) -> str:
    number = _number(dice, PERSONS)
    return f'"card_number":"{SEALED}","card_token":"{number:064x}","person_id":"person-{number:05d}"'


def _grant(dice: Random) -> str:
    return (
        f'"amount_fen":{10_000 * (1 + int(dice.random() * 50))},"application_id":"application-{_number(dice, 10**6)}",'
        f'"category":"{dice.choice(("deep", "relative", "accidental"))}","fund_id":"fund-{_number(dice, 9)}",'
        f'"fund_source":"{dice.choice(("central", "municipal", "district"))}","person_id":"{_person(dice)}",'
        f'"programme":"warmth","voucher":{1 + _number(dice, 10**6)}'
    )


def _consolation(dice: Random) -> str:
    return (
        f'"amount_fen":{10_000 * (1 + int(dice.random() * 20))},"fund_id":"fund-{_number(dice, 9)}","in_goods":false,'
        f'"list_id":"list-{_number(dice, 30)}","occasion":"{dice.choice(("new_year", "may_day", "double_ninth"))}",'
        f'"recipient":"{dice.choice(("model_worker", "front_line_worker"))}","recipient_id":"{_person(dice)}"'
    )


def _enrolled(dice: Random) -> str:
    return f'"activity_id":"spring-{_number(dice, 120)}","person_id":"{_person(dice)}"'


def _annulled(dice: Random) -> str:
    return _swipe(dice).replace(',"theme"', ',"reason":"twice","theme"')


def _answered(dice: Random) -> str:
    return f'"answers":{1 + _number(dice, 40)},"quiz_id":"quiz-1","theme":"work_safety","union_id":"{_union(dice)}"'


def _trained(dice: Random) -> str:
    return f'"batch_id":"batch-1","person_id":"{_person(dice)}","post":"community_union_chair"'


def _visited(dice: Random) -> str:
    return f'"purpose":"summer","site_id":"site-1","visit_id":"visit-{_number(dice, 10**6)}"'


def _left(dice: Random) -> str:
    return f'"person_id":"{_person(dice)}","union_id":"{_union(dice)}"'


def _lost(dice: Random) -> str:
    return f'"card_token":"{_number(dice, PERSONS):064x}","person_id":"{_person(dice)}"'


def _founded(dice: Random) -> str:
    return f'"community":"community-01","kind":"single","name":"某公司工会","union_id":"{_union(dice)}"'


def _honoured(dice: Random) -> str:
    title = dice.choice(("national_model_worker", "municipal_model_worker"))
    return f'"person_id":"{_person(dice)}","service":"in_service","title":"{title}"'


def _stated(dice: Random) -> str:
    item = dice.choice(("area_hectares", "residents", "registered_households"))
    return f'"item":"{item}","source":"yearbook","value":{_number(dice, 10**5)}'


def _applied(dice: Random) -> str:
    return (
        f'"amount_fen":50000,"application_id":"application-{_number(dice, 10**6)}","fund_id":"fund-1",'
        f'"ground":"{SEALED}","handled_by":"li","person_id":"{_person(dice)}","programme":"warmth"'
    )


def _approved(dice: Random) -> str:
    return (
        f'"amount_fen":50000,"application_id":"application-{_number(dice, 10**6)}","approved_by":"wang",'
        f'"fund_id":"fund-1","person_id":"{_person(dice)}","policy_id":"policy-1","programme":"warmth"'
    )


def _exit_planned(dice: Random) -> str:
    return f'"exit_by":"2018-12-31","person_id":"{_person(dice)}"'


def _tuition(dice: Random) -> str:
    person, aid = _person(dice), _number(dice, 10**6)
    return f'"aid_id":"aid-{aid}","amount_fen":400000,"decided_by":"district","person_id":"{person}"'


def _granted(dice: Random) -> str:
    return f'"person_id":"{_person(dice)}","role":"clerk"'


MIX: dict[str, dict[str, tuple[int, Payload]]] = {
    "activities": {
        "CardSwiped": (500, _swipe),
        "HandedOut": (260, _handed_out),
        "MemberEnrolled": (150, _enrolled),
        "ActivityHeld": (25, _held),
        "QuizAnswered": (20, _answered),
        "CadreTrained": (20, _trained),
        "SiteVisited": (15, _visited),
        "SwipeAnnulled": (10, _annulled),
    },
    "membership": {
        "MemberJoined": (380, _joined),
        "CardIssued": (330, _card),
        "MemberLeft": (120, _left),
        "CardLost": (40, _lost),
        "CardReplaced": (40, _card),
        "UnionFounded": (40, _founded),
        "HonourRecorded": (30, _honoured),
        "ProfileValueStated": (20, _stated),
    },
    "relief": {
        "GrantPaid": (250, _grant),
        "ConsolationSignedFor": (250, _consolation),
        "ApplicationMade": (250, _applied),
        "ApplicationApproved": (200, _approved),
        "ExitPlanned": (30, _exit_planned),
        "TuitionAidDrawn": (20, _tuition),
    },
    "access": {"RoleGranted": (1000, _granted)},
}
"""Of a thousand entries of a log, how many are of which type, and what they say."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry, and what else stands beside it in the archive."""

    data: bytes
    leaf: bytes
    event_id: str
    type: str
    occurred_on: str
    recorded_at: str


def origin_of(log: str) -> str:
    return f"origin of {log}"


def entries_of(log: str, count: int) -> Iterator[Written]:
    """The entries of one log in order, each naming the one before it; the same for the same log and count."""
    station, _, service = log.partition("/")
    dice, mix, origin = Random(log), MIX[service], origin_of(log)
    types, weights = tuple(mix), [share for share, _ in mix.values()]
    days = [f"{year}-{month:02d}-{day:02d}" for year in YEARS for month in range(1, 13) for day in range(1, 29)]
    previous = NO_ENTRY
    for position in range(1, count + 1):
        (event,) = dice.choices(types, weights)
        at = (position - 1) * len(days) // count
        day = days[at]
        event_id = f"{dice.getrandbits(32):08x}-{dice.getrandbits(16):04x}-7000-8000-{position:012x}"
        recorded_at = f"{day}T09:00:00.000000Z"
        data = (
            f'{{"actor":"li","causation_id":"command-{position}","command_id":"command-{position}",'
            f'"correlation_id":"command-{position}","event_id":"{event_id}","log":"{log}","occurred_on":"{day}",'
            f'"origin":"{origin}","payload":{{{mix[event][1](dice)}}},"position":{position},'
            f'"previous":"{previous.hex()}","recorded_at":"{recorded_at}","role":"clerk","schema":1,'
            f'"stream":"{station}/made/{position}","type":"{event}","version":1}}'
        ).encode()
        previous = entry_hash(data)
        yield Written(data, previous, event_id, event, day, recorded_at)
