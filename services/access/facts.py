"""What decisions of access read, under the log's lock, beyond their own stream."""

from sqlalchemy import Connection

from lastmile.kernel.store.execution import Reading
from services.access.account import OpenAccount, Opening
from services.access.household import Kin, LinkMember
from services.access.password_change import ChangePassword, Changing, ResetAccount
from services.access.preparing import Code, Made, Try, whose
from services.access.recovery import AgreeToRecovery, Recovery
from services.access.role import Grantee, GrantRole
from services.access.second_factor import Enrolling, EnrolSecondFactor, GiveSecondFactor, Giving
from services.access.session import EndSession, Living, Reason, UseSession
from services.access.sign_in import Knock, OpenSystemSession, SignIn, SignInBySubject
from services.access.stand_in import NameStandIn
from services.access.subject import Linking, LinkSubject
from services.access.system import RegisterSystem
from services.access.views import (
    accounts,
    codes_given,
    household_links,
    persons,
    recoveries,
    roles_held,
    sessions,
    sign_ins,
    subjects,
    systems,
)


def grantee(reading: Reading, command: GrantRole, _prepared: None) -> Grantee:
    """What the person holds beside the roles granted here, which the decision knows."""
    return _grantee(reading, command.person_id, granted_here=False)


def stand_in(reading: Reading, command: NameStandIn, _prepared: None) -> Grantee:
    return _grantee(reading, command.person_id, granted_here=True)


def _grantee(reading: Reading, person_id: str, granted_here: bool) -> Grantee:
    held = roles_held.held_or_named(reading.connection, person_id, reading.today)
    return Grantee(
        registered=persons.registered(reading.connection, reading.station, person_id),
        held_elsewhere=frozenset(h.role for h in held if granted_here or h.until or h.station != reading.station),
    )


def member(reading: Reading, command: LinkMember, _prepared: None) -> Kin:
    connection = reading.connection
    known = household_links.as_member(connection, command.member_id)
    links = household_links.links_of(connection, command.person_id)
    elsewhere = (link["member_id"] for link in links if link["kinship"] == "self")
    return Kin(
        registered=persons.registered(connection, reading.station, command.person_id),
        member_is=known if known != command.person_id else None,
        elsewhere=next(elsewhere, None),
    )


def recovered(reading: Reading, command: AgreeToRecovery, _prepared: None) -> Recovery:
    return recoveries.of_person(reading.connection, reading.station, command.person_id)


def opening(reading: Reading, command: OpenAccount, made: Made) -> Opening:
    account = accounts.account_of(reading.connection, command.person_id)
    named = accounts.named(reading.connection, reading.station, made.name_token)
    return Opening(
        registered=persons.registered(reading.connection, reading.station, command.person_id),
        elsewhere=account is not None and account.station != reading.station,
        name_taken=named is not None and named.person_id != command.person_id,
        name_token=made.name_token,
        password_hash=made.password_hash,
    )


def changing(reading: Reading, command: ChangePassword, made: Made) -> Changing:
    kept = sessions.by_id(reading.connection, command.session_id) if command.session_id else None
    return Changing(
        account_name=made.account_name,
        password_hash=made.password_hash,
        now=made.now,
        right=made.right,
        keeps=kept is not None and kept.person_id == command.by and sessions.lives(kept, made.now),
    )


def resetting(_reading: Reading, _command: ResetAccount, made: Made) -> Changing:
    return Changing(account_name=made.account_name, password_hash=made.password_hash)


def by_password(reading: Reading, command: SignIn, tried: Try) -> Knock:
    account = accounts.named(reading.connection, reading.station, tried.token)
    wrong: Reason | None = None
    if account and account.closed:
        wrong = "account_closed"
    elif account and not (tried.right and account.password_position == tried.password_position):
        wrong = "wrong_password"
    return _knock(reading, tried, whose(account, tried.token), wrong, command.device_hash)


def by_subject(reading: Reading, command: SignInBySubject, tried: Try) -> Knock:
    linked = subjects.linked(reading.connection, tried.token)
    account = accounts.account_of(reading.connection, linked.person_id) if linked else None
    account = account if account and account.station == reading.station else None
    wrong: Reason | None = "account_closed" if account and account.closed else None
    return _knock(reading, tried, whose(account, tried.token), wrong, command.device_hash)


def by_secret(reading: Reading, command: OpenSystemSession, tried: Try) -> Knock:
    system = systems.system_of(reading.connection, command.client_id)
    if system is None or system.station != reading.station:
        return _knock(reading, tried, whose(None, tried.token), None, None)
    wrong: Reason | None = None
    if system.withdrawn:
        wrong = "system_withdrawn"
    elif system.secret_hash != command.secret_hash:
        wrong = "wrong_secret"
    return _knock(reading, tried, (command.client_id, ""), wrong, None)


def _knock(reading: Reading, tried: Try, who: tuple[str, str], wrong: Reason | None, device_hash: str | None) -> Knock:
    person_id, bucket = who
    tries = tried.slowed or sign_ins.tries(
        reading.connection, reading.station, who, tried.address_token, device_hash, tried.now
    )
    return Knock(tried.now, person_id or None, bucket, wrong, tried.address_token, tries)


def living(reading: Reading, command: UseSession, now: str) -> Living:
    return Living(now, sessions.lives(sessions.by_id(reading.connection, command.session_id), now))


def by_administrator(reading: Reading, command: EndSession, _prepared: None) -> bool:
    held = roles_held.held_on(reading.connection, command.by, reading.today)
    return any((h.role, h.station) == ("administrator", reading.station) for h in held)


def enrolling(reading: Reading, command: EnrolSecondFactor, step: int | None) -> Enrolling:
    has_account = accounts.open_at(reading.connection, reading.station, command.person_id)
    counted = codes_given.counted(reading.connection, command.person_id, step)
    return Enrolling(has_account, None if counted else step)


def giving(reading: Reading, command: GiveSecondFactor, code: Code) -> Giving:
    connection = reading.connection
    session = sessions.by_id(connection, command.session_id)
    person_id = session.person_id if session else ""
    position = accounts.factor_position(connection, person_id)
    return Giving(
        now=code.now,
        lives=sessions.lives(session, code.now),
        enrolled=position is not None,
        step=code.step if position == code.factor_position else None,
        agreed=not recoveries.steps_of(connection, person_id),
        counted_before=codes_given.counted(connection, person_id, code.step),
        wrong_within_an_hour=codes_given.wrong_within_an_hour(connection, person_id, code.now),
    )


def linking(reading: Reading, command: LinkSubject, subject_token: str) -> Linking:
    linked = subjects.linked(reading.connection, subject_token)
    return Linking(
        subject_token=subject_token,
        has_account=accounts.open_at(reading.connection, reading.station, command.person_id),
        linked_elsewhere=linked is not None and linked.station != reading.station,
        in_use=sign_ins.ever_signed_in(reading.connection, command.person_id),
    )


def client_id_taken(reading: Reading, command: RegisterSystem, _prepared: None) -> bool:
    return _is_somebodys(reading.connection, command.client_id)


def _is_somebodys(connection: Connection, client_id: str) -> bool:
    return systems.system_of(connection, client_id) is not None or persons.registered_anywhere(connection, client_id)
