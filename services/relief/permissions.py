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
_READERS = _CLERKS | _APPROVERS | _ACCOUNTANT | _CASHIER

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
    "PublishNotice": _CLERKS,
    "CloseNotice": _CLERKS,
    "ApproveApplication": _APPROVERS,
    "EnterPayment": _ACCOUNTANT,
    "ReleasePayment": _CASHIER,
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
    "applications_open": _READERS,
    "cases": _READERS,
    "funds_left": _READERS,
}
