"""Who may ask what of activities, and how far. A command or question without a row fails a test."""

from lastmile.kernel.domain.identity import STATION_ROLES, Permissions, Role, Scope

_CLERKS = {Role.CLERK: Scope.STATION, Role.STATION_HEAD: Scope.STATION}
_HEADS = {Role.STATION_HEAD: Scope.STATION, Role.CHAIR: Scope.STATION}
_READERS = {
    Role.CLERK: Scope.STATION,
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.VICE_CHAIR: Scope.STATION,
}
_OURSELVES = {Role.SERVICE: Scope.STATION}
_LOG_READERS = {
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
    Role.CITY_SYSTEM: Scope.STATION,
}
"""Who may read the whole log, personal data as ciphertext."""
_GATEWAY = {Role.GATEWAY: Scope.EVERY_STATION}

_EXPORTERS: dict[Role, Scope] = {
    **{role: Scope.STATION for role in STATION_ROLES if role not in (Role.CITY_SYSTEM, Role.COMMUNITY_CHAIR)},
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
    "PlanActivity": _CLERKS,
    "PublishActivity": _CLERKS,
    "HoldActivity": _CLERKS,
    "CloseActivity": _CLERKS,
    "CancelActivity": _HEADS,
    "RecordSwipe": _CLERKS,
    "SettleSwipe": _OURSELVES,
    "AnnulSwipe": _HEADS,
    "EnrolMember": _CLERKS,
    "WithdrawEnrolment": _CLERKS,
    "MarkNoShow": _CLERKS,
    "HandOutToPerson": _CLERKS,
    "HandOutInBulk": _CLERKS,
    "CorrectHandOut": _CLERKS,
    "OrderGoods": _CLERKS,
    "TrainCadre": _CLERKS,
    "RecordStaffTraining": _CLERKS,
    "SignVenueAgreement": _CLERKS,
    "AddressQuiz": _CLERKS,
    "RecordQuizAnswers": _CLERKS,
    "VisitSite": _CLERKS,
    "activities_of_month": _READERS,
    "activity": _READERS,
}
