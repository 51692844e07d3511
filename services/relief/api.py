"""What relief is: its commands, its views, questions and reactions, as data."""

from pathlib import Path

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field, by_fields
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.relief import (
    answers,
    answers_on_money,
    application,
    applying,
    approval,
    case,
    consolation,
    consolation_line,
    exiting,
    facts,
    fund,
    handling,
    pay_list,
    payee,
    payment,
    policy,
    posting,
    releasing,
    reviewing,
    tuition,
    tuition_answer,
    withdrawal,
)
from services.relief.permissions import CONFIRMED, PERMISSIONS
from services.relief.reactions import REACTIONS, PersonErased
from services.relief.tables import relief_tables
from services.relief.views import application as application_view
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

_POLICY, _FUND, _PERSON = by_field("policy_id"), by_field("fund_id"), by_field("person_id")
_APPLICATION, _LIST, _AID = by_field("application_id"), by_field("list_id"), by_field("aid_id")
_PAY_LIST, _LINE = by_field("pay_list_id"), by_fields("list_id", "recipient_id")
_case, _applied, _paid = case.case, application.application, payment.payment
_list, _listed, _aid = consolation.consolation, consolation_line.consolation_line, tuition.tuition

_AGGREGATES = (policy.policy, fund.fund, _case, _applied, _paid, pay_list.pay_list, _list, _listed, _aid)
"""Whose history is shown. An account is shown to nobody: it stands in the bank file alone."""
_REVEAL, _HISTORY = with_history("relief", _AGGREGATES)

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(policy.StatePolicy, policy.policy, policy.state_policy, _POLICY, facts.stating),
        Handles(fund.OpenFund, fund.fund, fund.open_fund, _FUND),
        Handles(fund.RaiseBudget, fund.fund, fund.raise_budget, _FUND),
        Handles(case.RegisterCase, _case, case.register_case, _PERSON),
        Handles(case.OpenCase, _case, case.open_case, _PERSON),
        Handles(exiting.PlanExit, _case, exiting.plan_exit, _PERSON),
        Handles(exiting.WithdrawExitPlan, _case, exiting.withdraw_exit_plan, _PERSON),
        Handles(exiting.ExitCase, _case, exiting.exit_case, _PERSON),
        Handles(case.NoteMembershipEnded, _case, case.note_membership_ended, _PERSON),
        Handles(applying.Apply, _applied, applying.apply, _APPLICATION, facts.handing_in),
        Handles(handling.RecordHomeVisit, _applied, handling.record_home_visit, _APPLICATION),
        Handles(handling.RecordComparison, _applied, handling.record_comparison, _APPLICATION),
        Handles(reviewing.ReviewApplication, _applied, reviewing.review_application, _APPLICATION),
        Handles(reviewing.ReturnApplication, _applied, reviewing.return_application, _APPLICATION),
        Handles(handling.ResubmitApplication, _applied, handling.resubmit_application, _APPLICATION),
        Handles(reviewing.RefuseApplication, _applied, reviewing.refuse_application, _APPLICATION),
        Handles(
            withdrawal.WithdrawApplication, _applied, withdrawal.withdraw_application, _APPLICATION, facts.on_a_pay_list
        ),
        Handles(approval.PublishNotice, _applied, approval.publish_notice, _APPLICATION, facts.terms),
        Handles(approval.CloseNotice, _applied, approval.close_notice, _APPLICATION),
        Handles(approval.ApproveApplication, _applied, approval.approve_application, _APPLICATION, facts.approving),
        Handles(releasing.EnterPayment, _paid, releasing.enter_payment, _APPLICATION, facts.grant),
        Handles(releasing.ReleasePayment, _paid, releasing.release_payment, _APPLICATION, facts.grant),
        Handles(releasing.TakeOffPayList, _paid, releasing.take_off_pay_list, _APPLICATION),
        Handles(payee.RecordPayee, payee.payee, payee.record_payee, _PERSON),
        Handles(pay_list.ExportBankFile, pay_list.pay_list, pay_list.export_bank_file, _PAY_LIST, facts.pay_list_sum),
        Handles(posting.BookBankReturn, _paid, posting.book_bank_return, _APPLICATION, facts.next_voucher),
        Handles(posting.ReversePayment, _paid, posting.reverse_payment, _APPLICATION, facts.next_voucher),
        Handles(posting.SignForGrant, _paid, posting.sign_for_grant, _APPLICATION),
        Handles(
            consolation.PrepareConsolationList, _list, consolation.prepare_consolation_list, _LIST, facts.fund_exists
        ),
        Handles(
            consolation.ApproveConsolationList,
            _list,
            consolation.approve_consolation_list,
            _LIST,
            facts.consolation_sum,
        ),
        Handles(
            consolation_line.AddToConsolationList,
            _listed,
            consolation_line.add_to_consolation_list,
            _LINE,
            facts.consolation_list,
        ),
        Handles(
            consolation_line.SignForConsolation,
            _listed,
            consolation_line.sign_for_consolation,
            _LINE,
            facts.consolation_list,
        ),
        Handles(tuition.ForwardTuitionAid, _aid, tuition.forward_tuition_aid, _AID, facts.forwarding),
        Handles(tuition_answer.RecordTuitionDecision, _aid, tuition_answer.record_tuition_decision, _AID),
        Handles(tuition_answer.RefuseTuitionAid, _aid, tuition_answer.refuse_tuition_aid, _AID),
        Handles(tuition_answer.RecordTuitionDrawn, _aid, tuition_answer.record_tuition_drawn, _AID, facts.student_died),
        _REVEAL,
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
        Query("applications_open", applications_open.applications_open, list[answers.OpenApplication]),
        Query(
            "applications",
            applications.applications_listed,
            answers.ApplicationListed,
            applications.APPLICATIONS.schema(),
        ),
        Query("application", application_view.application_shown, answers.Application, application_view.OfApplication()),
        Query("approvals_waiting", approvals_waiting.approvals_waiting, answers.ApprovalsWaiting),
        Query("bank_file", bank_file.bank_file, answers_on_money.BankFile, pay_lists.OfPayList()),
        Query("cases", cases.cases, answers.CaseFile, cases.CASES.schema()),
        Query("cases_exited", cases.cases_exited, answers.CaseFile, cases.CASES.schema()),
        Query(
            "consolation_lists",
            consolation_lists.lists,
            answers_on_money.ConsolationListed,
            consolation_lists.LISTS.schema(),
        ),
        Query(
            "consolation_list", consolation_lists.one_list, answers_on_money.ConsolationList, consolation_lists.OfList()
        ),
        Query("funds_left", funds_left.funds_left, answers_on_money.Fund, funds_left.FUNDS_LEFT.schema()),
        Query("household", household.household, answers.Household, household.OfPerson()),
        Query("notice", notices.notice, answers.Notice, notices.OfNotice()),
        Query("pay_lists", pay_lists.pay_lists, answers_on_money.PayListed, pay_lists.LISTED.schema()),
        Query("pay_list", pay_lists.pay_list, answers_on_money.PayList, pay_lists.OfPayList()),
        Query(
            "policies", policies_in_force.policies_stated, answers_on_money.Policy, policies_in_force.POLICIES.schema()
        ),
        *_HISTORY,
    ),
    reactions=REACTIONS,
    erasure=PersonErased,
)
