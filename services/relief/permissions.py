"""Who may ask what of relief, and how far. A command or question without a row fails a test.

A role never stands for a person: who holds several roles is still kept from taking two steps of one grant.
"""

from lastmile.kernel.domain.identity import STATION_ROLES, Permissions, Role, Scope

_CLERKS = {Role.CLERK: Scope.STATION, Role.STATION_HEAD: Scope.STATION}
_REVIEWERS = {Role.STATION_HEAD: Scope.STATION}
_APPROVERS = {Role.CHAIR: Scope.STATION, Role.VICE_CHAIR: Scope.STATION}
_ACCOUNTANT = {Role.ACCOUNTANT: Scope.STATION}
_CASHIER = {Role.CASHIER: Scope.STATION}
_OURSELVES = {Role.SERVICE: Scope.STATION}
_STAFF = _CLERKS | _APPROVERS | _ACCOUNTANT | _CASHIER
_ABOVE = {Role.DISTRICT_OFFICE: Scope.EVERY_STATION, Role.DISTRICT_AUDITOR: Scope.EVERY_STATION}
_READERS = _STAFF | _ABOVE
"""Whoever reads sees no personal data: what is sealed is shown by RevealField alone, and not to those above."""

CONFIRMED = frozenset({"ApproveApplication", "ReleasePayment", "ApproveConsolationList"})
"""Approving and releasing money need a second factor given lately."""
_LOG_READERS = {
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
    Role.CITY_SYSTEM: Scope.STATION,
}
"""Who may read the whole log, personal data as ciphertext."""
_GATEWAY = {Role.GATEWAY: Scope.EVERY_STATION}

_EXPORTERS: dict[Role, Scope] = {
    **{
        role: Scope.STATION
        for role in STATION_ROLES
        if role not in (Role.CITY_SYSTEM, Role.COMMUNITY_CHAIR, Role.ADMINISTRATOR)
    },
    Role.DISTRICT_OFFICE: Scope.EVERY_STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
}
"""Who takes out as a file what they may list."""

PERMISSIONS: Permissions = {
    "RecordExport": _EXPORTERS,
    "log_entries": _LOG_READERS,
    "log_checkpoint": _LOG_READERS,
    "log_proof": _LOG_READERS,
    "applied": _GATEWAY,
    "StatePolicy": _REVIEWERS | _APPROVERS,
    "OpenFund": _REVIEWERS | _APPROVERS | _ACCOUNTANT,
    "RaiseBudget": _REVIEWERS | _APPROVERS | _ACCOUNTANT,
    "RegisterCase": _CLERKS,
    "OpenCase": _CLERKS,
    "PlanExit": _CLERKS,
    "WithdrawExitPlan": _CLERKS,
    "ExitCase": _REVIEWERS | _APPROVERS,
    "NoteMembershipEnded": _OURSELVES,
    "Apply": _CLERKS,
    "RecordHomeVisit": _CLERKS,
    "RecordComparison": _CLERKS,
    "ReviewApplication": _REVIEWERS,
    "ReturnApplication": _REVIEWERS | _APPROVERS,
    "ResubmitApplication": _CLERKS,
    "RefuseApplication": _REVIEWERS | _APPROVERS,
    "WithdrawApplication": _CLERKS | _OURSELVES,
    "PublishNotice": _CLERKS,
    "CloseNotice": _CLERKS,
    "ApproveApplication": _APPROVERS,
    "EnterPayment": _ACCOUNTANT,
    "ReleasePayment": _CASHIER,
    "TakeOffPayList": _ACCOUNTANT | _OURSELVES,
    "RecordPayee": _CLERKS,
    "ExportBankFile": _ACCOUNTANT | _CASHIER,
    "BookBankReturn": _ACCOUNTANT | _CASHIER,
    "ReversePayment": _ACCOUNTANT,
    "SignForGrant": _CLERKS | _CASHIER,
    "PrepareConsolationList": _CLERKS,
    "AddToConsolationList": _CLERKS,
    "ApproveConsolationList": _APPROVERS,
    "SignForConsolation": _CLERKS,
    "ForwardTuitionAid": _CLERKS,
    "RecordTuitionDecision": _CLERKS,
    "RefuseTuitionAid": _CLERKS,
    "RecordTuitionDrawn": _CLERKS,
    "RevealField": _CLERKS | _APPROVERS,
    "revealed": _CLERKS | _APPROVERS,
    "history": _READERS,
    "applications_open": _READERS,
    "applications": _READERS,
    "application": _READERS,
    "approvals_waiting": _READERS,
    "bank_file": _ACCOUNTANT | _CASHIER,
    "cases": _READERS,
    "cases_exited": _READERS,
    "consolation_lists": _READERS,
    "consolation_list": _READERS,
    "funds_left": _READERS,
    "household": _READERS,
    "notice": _READERS,
    "pay_lists": _READERS,
    "pay_list": _READERS,
    "policies": _READERS,
}
