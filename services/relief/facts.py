"""What decisions of relief read, under the log's lock, beyond their own stream."""

from datetime import date

from lastmile.kernel.store.execution import Reading
from services.relief import (
    applying,
    approval,
    consolation,
    consolation_line,
    pay_list,
    policy,
    posting,
    releasing,
    tuition,
    tuition_answer,
    withdrawal,
)
from services.relief.rules import own_aid
from services.relief.views import (
    applications_open,
    cases,
    consolation_lists,
    funds_left,
    pay_lists,
    payees,
    policies_in_force,
    tuition_aids,
    vouchers,
)


def stating(reading: Reading, command: policy.StatePolicy, _prepared: None) -> policy.PolicyFacts:
    competing = policies_in_force.competing(
        reading.connection, reading.station, command.programme, command.area, command.valid_from
    )
    return policy.PolicyFacts(reading.station, competing)


def handing_in(reading: Reading, command: applying.Apply, _prepared: None) -> applying.ApplyFacts:
    connection, station, day = reading.connection, reading.station, command.occurred_on
    found = funds_left.fund(connection, station, command.fund_id)
    policy_row = policies_in_force.in_force(connection, station, command.programme, day)
    standing, _ = applications_open.others(
        connection, command.application_id, command.person_id, command.programme, day.year
    )
    return applying.ApplyFacts(
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


def approving(reading: Reading, command: approval.ApproveApplication, _prepared: None) -> approval.ApprovalFacts:
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
    reading: Reading, command: releasing.EnterPayment | releasing.ReleasePayment, _prepared: None
) -> releasing.Grant | None:
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
    return releasing.Grant(
        person_id=applied.person_id,
        programme=applied.programme,
        category=file.category,
        fund_id=applied.fund_id,
        fund_source=paid_from.source,
        amount_fen=applied.amount_fen,
        approved_on=date.fromisoformat(applied.approved_on),
        hands=hands | {account.recorded_by} if account else hands,
        died=cases.died(connection, applied.person_id),
        list_closed=isinstance(command, releasing.EnterPayment)
        and pay_lists.closed(connection, station, command.pay_list_id),
    )


def next_voucher(reading: Reading, _command: posting.BookBankReturn | posting.ReversePayment, _prepared: None) -> int:
    return vouchers.next_voucher(reading.connection, reading.station)


def on_a_pay_list(reading: Reading, command: withdrawal.WithdrawApplication, _prepared: None) -> bool:
    applied = applications_open.application(reading.connection, reading.station, command.application_id)
    return applied is not None and applied.state in applications_open.ON_A_PAY_LIST


def pay_list_sum(reading: Reading, command: pay_list.ExportBankFile, _prepared: None) -> pay_list.ListSum:
    return pay_list.ListSum(*pay_lists.list_sum(reading.connection, reading.station, command.pay_list_id))


def fund_exists(reading: Reading, command: consolation.PrepareConsolationList, _prepared: None) -> bool:
    return funds_left.fund(reading.connection, reading.station, command.fund_id) is not None


def consolation_sum(
    reading: Reading, command: consolation.ApproveConsolationList, _prepared: None
) -> consolation.ListSum:
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


def consolation_list(
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


def forwarding(reading: Reading, command: tuition.ForwardTuitionAid, _prepared: None) -> tuition.TuitionFacts:
    return tuition.TuitionFacts(
        other=tuition_aids.not_refused(reading.connection, command.person_id, command.school_year),
        died=cases.died(reading.connection, command.person_id),
    )


def student_died(reading: Reading, command: tuition_answer.RecordTuitionDrawn, _prepared: None) -> bool:
    person_id = tuition_aids.person(reading.connection, reading.station, command.aid_id)
    return person_id is not None and cases.died(reading.connection, person_id)
