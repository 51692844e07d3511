"""What relief is: its commands, what each decision reads, its views, questions and reactions, as data."""

from datetime import date
from pathlib import Path

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.execution import Reading
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.relief import (
    application,
    approval,
    case,
    consolation,
    consolation_line,
    fund,
    handling,
    pay_list,
    payee,
    payment,
    policy,
    posting,
    tuition,
    withdrawal,
)
from services.relief.permissions import CONFIRMED, PERMISSIONS
from services.relief.reactions import REACTIONS, PersonErased
from services.relief.rules import own_aid
from services.relief.tables import relief_tables
from services.relief.views import (
    application as application_view,
)
from services.relief.views import (
    applications,
    applications_open,
    approvals_waiting,
    bank_file,
    cases,
    consolation_lists,
    funds_left,
    household,
    notices,
    pay_lists,
    payees,
    policies_in_force,
    tuition_aids,
    vouchers,
)


def policy_facts(reading: Reading, command: policy.StatePolicy, _prepared: None) -> policy.PolicyFacts:
    competing = policies_in_force.competing(
        reading.connection, reading.station, command.programme, command.area, command.valid_from
    )
    return policy.PolicyFacts(reading.station, competing)


def apply_facts(reading: Reading, command: handling.Apply, _prepared: None) -> handling.ApplyFacts:
    connection, station, day = reading.connection, reading.station, command.occurred_on
    found = funds_left.fund(connection, station, command.fund_id)
    policy_row = policies_in_force.in_force(connection, station, command.programme, day)
    standing, _ = applications_open.others(
        connection, command.application_id, command.person_id, command.programme, day.year
    )
    return handling.ApplyFacts(
        fund_programme=found.programme if found else None,
        died=cases.died(connection, command.person_id),
        others=standing,
        times_a_year=policy_row.times_a_year if policy_row else policies_in_force.TIMES_A_YEAR,
    )


def terms(
    reading: Reading, command: approval.PublishNotice | approval.ApproveApplication, _prepared: None
) -> approval.Terms | None:
    connection, station = reading.connection, reading.station
    applied = applications_open.application(connection, station, command.application_id)
    if applied is None:
        return None
    found = policies_in_force.in_force(connection, station, applied.programme, command.occurred_on)
    if found is None:
        return None
    return approval.Terms(found.policy_id, found.ceiling_fen, found.notice_days, found.stated_by, found.times_a_year)


def approval_facts(reading: Reading, command: approval.ApproveApplication, _prepared: None) -> approval.ApprovalFacts:
    connection, station = reading.connection, reading.station
    applied = applications_open.application(connection, station, command.application_id)
    if applied is None:
        return approval.ApprovalFacts(terms=None, budget_left_fen=None, case_open=False)
    file = cases.case_file(connection, station, applied.person_id)
    paid_from = funds_left.fund(connection, station, applied.fund_id)
    _, approved = applications_open.others(
        connection, applied.application_id, applied.person_id, applied.programme, int(applied.applied_on[:4])
    )
    return approval.ApprovalFacts(
        terms=terms(reading, command, None),
        budget_left_fen=funds_left.left_fen(connection, station, applied.fund_id),
        case_open=file is not None and file.open == 1,
        died=cases.died(connection, applied.person_id),
        fund_opened_by=paid_from.opened_by if paid_from else None,
        approved_others=approved,
    )


def grant(
    reading: Reading, command: payment.EnterPayment | payment.ReleasePayment, _prepared: None
) -> payment.Grant | None:
    connection, station = reading.connection, reading.station
    applied = applications_open.application(connection, station, command.application_id)
    if applied is None or applied.approved_on is None:
        return None
    file = cases.case_file(connection, station, applied.person_id)
    paid_from = funds_left.fund(connection, station, applied.fund_id)
    assert file is not None, "an approval needs a case on file"
    assert paid_from is not None, "an approval needs a fund"
    hands = applications_open.hands(connection, station, command.application_id)
    account = payees.payee(connection, station, applied.person_id)
    return payment.Grant(
        person_id=applied.person_id,
        programme=applied.programme,
        category=file.category,
        fund_id=applied.fund_id,
        fund_source=paid_from.source,
        amount_fen=applied.amount_fen,
        approved_on=date.fromisoformat(applied.approved_on),
        hands=hands | {account.recorded_by} if account else hands,
        died=cases.died(connection, applied.person_id),
        list_closed=isinstance(command, payment.EnterPayment)
        and pay_lists.closed(connection, station, command.pay_list_id),
    )


def next_voucher(reading: Reading, _command: posting.BookBankReturn | posting.ReversePayment, _prepared: None) -> int:
    return vouchers.next_voucher(reading.connection, reading.station)


def paying(reading: Reading, command: withdrawal.WithdrawApplication, _prepared: None) -> bool:
    applied = applications_open.application(reading.connection, reading.station, command.application_id)
    return applied is not None and applied.state in applications_open.ON_A_PAY_LIST


def pay_list_sum(reading: Reading, command: pay_list.ExportBankFile, _prepared: None) -> pay_list.ListSum:
    return pay_list.ListSum(*pay_lists.list_sum(reading.connection, reading.station, command.pay_list_id))


def fund_exists(reading: Reading, command: consolation.PrepareConsolationList, _prepared: None) -> bool:
    return funds_left.fund(reading.connection, reading.station, command.fund_id) is not None


def list_sum(reading: Reading, command: consolation.ApproveConsolationList, _prepared: None) -> consolation.ListSum:
    connection, station = reading.connection, reading.station
    lines, amount_fen, last_on = consolation_lists.list_sum(connection, station, command.list_id)
    prepared = consolation_lists.consolation_list(connection, station, command.list_id)
    return consolation.ListSum(
        lines=lines,
        amount_fen=amount_fen,
        added_by=consolation_lists.added_by(connection, station, command.list_id),
        last_on=date.fromisoformat(last_on) if last_on else None,
        budget_left_fen=funds_left.left_fen(connection, station, prepared.fund_id) if prepared else None,
        approver_is_on_it=consolation_lists.are_on_it(connection, station, command.list_id, own_aid(command)),
    )


def list_facts(
    reading: Reading,
    command: consolation_line.AddToConsolationList | consolation_line.SignForConsolation,
    _prepared: None,
) -> consolation_line.ListFacts | None:
    found = consolation_lists.consolation_list(reading.connection, reading.station, command.list_id)
    if found is None:
        return None
    approved_on = date.fromisoformat(found.approved_on) if found.approved_on else None
    died = cases.died(reading.connection, command.recipient_id)
    other = consolation_lists.other_list(reading.connection, reading.station, command.list_id, command.recipient_id)
    return consolation_line.ListFacts(found.occasion, found.fund_id, approved_on, died, other)


def tuition_facts(reading: Reading, command: tuition.ForwardTuitionAid, _prepared: None) -> tuition.TuitionFacts:
    return tuition.TuitionFacts(
        other=tuition_aids.not_refused(reading.connection, command.person_id, command.school_year),
        died=cases.died(reading.connection, command.person_id),
    )


def student_died(reading: Reading, command: tuition.RecordTuitionDrawn, _prepared: None) -> bool:
    person_id = tuition_aids.person(reading.connection, reading.station, command.aid_id)
    return person_id is not None and cases.died(reading.connection, person_id)


def _line(command: consolation_line.AddToConsolationList | consolation_line.SignForConsolation, _prepared: None) -> str:
    return f"{command.list_id}/{command.recipient_id}"


_POLICY, _FUND, _PERSON = by_field("policy_id"), by_field("fund_id"), by_field("person_id")
_APPLICATION, _LIST, _AID = by_field("application_id"), by_field("list_id"), by_field("aid_id")
_PAY_LIST = by_field("pay_list_id")
_case, _applied, _paid = case.case, application.application, payment.payment
_list, _listed, _aid = consolation.consolation, consolation_line.consolation_line, tuition.tuition

_AGGREGATES = (
    policy.policy,
    fund.fund,
    _case,
    _applied,
    _paid,
    pay_list.pay_list,
    _list,
    _listed,
    _aid,
)
"""Whose history is shown. An account is shown to nobody: it stands in the bank file alone."""
_REVEALS, _HISTORY = with_history("relief", _AGGREGATES)

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(policy.StatePolicy, policy.policy, policy.state_policy, _POLICY, policy_facts),
        Handles(fund.OpenFund, fund.fund, fund.open_fund, _FUND),
        Handles(fund.RaiseBudget, fund.fund, fund.raise_budget, _FUND),
        Handles(case.RegisterCase, _case, case.register_case, _PERSON),
        Handles(case.OpenCase, _case, case.open_case, _PERSON),
        Handles(case.PlanExit, _case, case.plan_exit, _PERSON),
        Handles(case.WithdrawExitPlan, _case, case.withdraw_exit_plan, _PERSON),
        Handles(case.ExitCase, _case, case.exit_case, _PERSON),
        Handles(case.NoteMembershipEnded, _case, case.note_membership_ended, _PERSON),
        Handles(handling.Apply, _applied, handling.apply, _APPLICATION, apply_facts),
        Handles(handling.RecordHomeVisit, _applied, handling.record_home_visit, _APPLICATION),
        Handles(handling.RecordComparison, _applied, handling.record_comparison, _APPLICATION),
        Handles(handling.ReviewApplication, _applied, handling.review_application, _APPLICATION),
        Handles(handling.ReturnApplication, _applied, handling.return_application, _APPLICATION),
        Handles(handling.ResubmitApplication, _applied, handling.resubmit_application, _APPLICATION),
        Handles(handling.RefuseApplication, _applied, handling.refuse_application, _APPLICATION),
        Handles(withdrawal.WithdrawApplication, _applied, withdrawal.withdraw_application, _APPLICATION, paying),
        Handles(approval.PublishNotice, _applied, approval.publish_notice, _APPLICATION, terms),
        Handles(approval.CloseNotice, _applied, approval.close_notice, _APPLICATION),
        Handles(approval.ApproveApplication, _applied, approval.approve_application, _APPLICATION, approval_facts),
        Handles(payment.EnterPayment, _paid, payment.enter_payment, _APPLICATION, grant),
        Handles(payment.ReleasePayment, _paid, payment.release_payment, _APPLICATION, grant),
        Handles(payment.TakeOffPayList, _paid, payment.take_off_pay_list, _APPLICATION),
        Handles(payee.RecordPayee, payee.payee, payee.record_payee, _PERSON),
        Handles(pay_list.ExportBankFile, pay_list.pay_list, pay_list.export_bank_file, _PAY_LIST, pay_list_sum),
        Handles(posting.BookBankReturn, _paid, posting.book_bank_return, _APPLICATION, next_voucher),
        Handles(posting.ReversePayment, _paid, posting.reverse_payment, _APPLICATION, next_voucher),
        Handles(posting.SignForGrant, _paid, posting.sign_for_grant, _APPLICATION),
        Handles(consolation.PrepareConsolationList, _list, consolation.prepare_consolation_list, _LIST, fund_exists),
        Handles(consolation.ApproveConsolationList, _list, consolation.approve_consolation_list, _LIST, list_sum),
        Handles(
            consolation_line.AddToConsolationList,
            _listed,
            consolation_line.add_to_consolation_list,
            _line,
            list_facts,
        ),
        Handles(consolation_line.SignForConsolation, _listed, consolation_line.sign_for_consolation, _line, list_facts),
        Handles(tuition.ForwardTuitionAid, _aid, tuition.forward_tuition_aid, _AID, tuition_facts),
        Handles(tuition.RecordTuitionDecision, _aid, tuition.record_tuition_decision, _AID),
        Handles(tuition.RefuseTuitionAid, _aid, tuition.refuse_tuition_aid, _AID),
        Handles(tuition.RecordTuitionDrawn, _aid, tuition.record_tuition_drawn, _AID, student_died),
        _REVEALS,
    )
)

RELIEF = Definition(
    name="relief",
    tables=relief_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    confirmed=CONFIRMED,
    handlers=HANDLERS,
    folds=(
        policies_in_force.fold,
        funds_left.fold,
        cases.fold,
        applications_open.fold,
        vouchers.fold,
        consolation_lists.fold,
        tuition_aids.fold,
        payees.fold,
        pay_lists.fold,
    ),
    queries=(
        *with_log("relief"),
        Query("applications_open", applications_open.applications_open),
        Query("applications", applications.applications_listed, applications.APPLICATIONS.schema()),
        Query("application", application_view.application_shown, application_view.OfApplication()),
        Query("approvals_waiting", approvals_waiting.approvals_waiting),
        Query("bank_file", bank_file.bank_file, pay_lists.OfPayList()),
        Query("cases", cases.cases, cases.CASES.schema()),
        Query("cases_exited", cases.cases_exited, cases.CASES.schema()),
        Query("consolation_lists", consolation_lists.lists, consolation_lists.LISTS.schema()),
        Query("consolation_list", consolation_lists.one_list, consolation_lists.OfList()),
        Query("funds_left", funds_left.funds_left, funds_left.FUNDS_LEFT.schema()),
        Query("household", household.household, household.OfPerson()),
        Query("notice", notices.notice, notices.OfNotice()),
        Query("pay_lists", pay_lists.pay_lists, pay_lists.LISTED.schema()),
        Query("pay_list", pay_lists.pay_list, pay_lists.OfPayList()),
        Query("policies", policies_in_force.policies_stated, policies_in_force.POLICIES.schema()),
        *_HISTORY,
    ),
    reactions=REACTIONS,
    erasure=PersonErased,
)
