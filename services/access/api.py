"""What access is: its commands, what each decision reads, its views and its questions, as data."""

from pathlib import Path
from typing import Any

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.access import (
    account,
    answers,
    facts,
    household,
    password_change,
    person,
    preparing,
    questions,
    recovery,
    role,
    second_factor,
    session,
    sign_in,
    signing,
    stand_in,
    subject,
    system,
)
from services.access.permissions import CONFIRMED, PERMISSIONS
from services.access.schemas import InRole, OfPerson, OfPersons, OfStranger, OfToken
from services.access.tables import access_tables
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

_PERSON, _SELF, _SESSION, _CLIENT = map(by_field, ("person_id", "by", "session_id", "client_id"))


def _subject(_command: Any, subject_token: str) -> str:
    return subject_token


_RECORDS = (person.person, household.household, role.role, stand_in.stand_in, system.system, recovery.recovery)
_REVEAL, _HISTORY = with_history("access", _RECORDS)

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(person.RegisterPerson, person.person, person.register_person, _PERSON),
        Handles(household.LinkMember, household.household, household.link_member, _PERSON, facts.member),
        Handles(household.UnlinkMember, household.household, household.unlink_member, _PERSON),
        Handles(role.GrantRole, role.role, role.grant_role, _PERSON, facts.grantee),
        Handles(role.RevokeRole, role.role, role.revoke_role, _PERSON),
        Handles(stand_in.NameStandIn, stand_in.stand_in, stand_in.name_stand_in, _PERSON, facts.stand_in),
        Handles(stand_in.EndStandIn, stand_in.stand_in, stand_in.end_stand_in, _PERSON),
        Handles(account.OpenAccount, account.account, account.open_account, _PERSON, facts.opening, preparing.opened),
        Handles(
            password_change.ChangePassword,
            account.account,
            password_change.change_password,
            _SELF,
            facts.changing,
            preparing.changed,
        ),
        Handles(
            password_change.ResetAccount,
            account.account,
            password_change.reset_account,
            _PERSON,
            facts.resetting,
            preparing.reset,
        ),
        Handles(account.CloseAccount, account.account, account.close_account, _PERSON),
        Handles(
            second_factor.EnrolSecondFactor,
            second_factor.second_factor,
            second_factor.enrol_second_factor,
            _PERSON,
            facts.enrolling,
            preparing.enrolled,
        ),
        Handles(
            second_factor.RemoveSecondFactor, second_factor.second_factor, second_factor.remove_second_factor, _SELF
        ),
        Handles(
            second_factor.WaiveSecondFactor, second_factor.second_factor, second_factor.waive_second_factor, _PERSON
        ),
        Handles(
            second_factor.GiveSecondFactor,
            session.session,
            second_factor.give_second_factor,
            _SESSION,
            facts.giving,
            preparing.given,
        ),
        Handles(recovery.AgreeToRecovery, recovery.recovery, recovery.agree_to_recovery, _PERSON, facts.recovered),
        Handles(sign_in.SignIn, session.session, sign_in.sign_in, _SESSION, facts.by_password, preparing.by_password),
        Handles(
            sign_in.SignInBySubject,
            session.session,
            sign_in.sign_in_by_subject,
            _SESSION,
            facts.by_subject,
            preparing.by_subject,
        ),
        Handles(
            sign_in.OpenSystemSession,
            session.session,
            sign_in.open_system_session,
            _SESSION,
            facts.by_secret,
            preparing.by_secret,
        ),
        Handles(session.UseSession, session.session, session.use_session, _SESSION, facts.living, preparing.moments),
        Handles(session.SignOut, session.session, session.sign_out, _SESSION),
        Handles(session.EndSession, session.session, session.end_session, _SESSION, facts.by_administrator),
        Handles(
            subject.LinkSubject, subject.subject, subject.link_subject, _subject, facts.linking, preparing.subjects_of
        ),
        Handles(
            subject.UnlinkSubject, subject.subject, subject.unlink_subject, _subject, prepare=preparing.subjects_of
        ),
        Handles(system.RegisterSystem, system.system, system.register_system, _CLIENT, facts.client_id_taken),
        Handles(system.ReplaceSystemSecret, system.system, system.replace_system_secret, _CLIENT),
        Handles(system.WithdrawSystem, system.system, system.withdraw_system, _CLIENT),
        _REVEAL,
    )
)

ACCESS = Definition(
    name="access",
    tables=access_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    handlers=HANDLERS,
    folds=(
        persons.fold,
        roles_held.fold,
        accounts.fold,
        sessions.fold,
        sign_ins.fold,
        codes_given.fold,
        household_links.fold,
        recoveries.fold,
        subjects.fold,
        systems.fold,
    ),
    queries=(
        *with_log("access"),
        Query("identity", signing.identity, answers.SignedIdentity, InRole()),
        Query("session", signing.session, answers.SessionOfToken, OfToken()),
        Query("station_of", questions.station_of, answers.KnownAt, OfStranger()),
        Query("names", questions.names, answers.Names, OfPersons()),
        Query("persons_list", questions.persons_list, answers.PersonListed, persons.listed.schema()),
        Query("person", questions.person, answers.Person, OfPerson()),
        Query("recoveries_waiting", questions.recoveries_waiting, answers.RecoveriesWaiting),
        Query("stand_ins", questions.stand_ins, answers.StandIns),
        Query("sessions", questions.own_sessions, answers.Sessions),
        Query("sign_ins_list", questions.sign_ins_list, answers.SignInListed, sign_ins.listed.schema()),
        Query("systems_list", questions.systems_list, answers.SystemListed, systems.listed.schema()),
        *_HISTORY,
    ),
    confirmed=CONFIRMED,
)
