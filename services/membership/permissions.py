"""Who may ask what of membership, and how far. A command or question without a row fails a test."""

from lastmile.kernel.domain.identity import STATION_ROLES, Permissions, Role, Scope

_CLERKS = {Role.CLERK: Scope.STATION, Role.STATION_HEAD: Scope.STATION}
_HEADS = {Role.STATION_HEAD: Scope.STATION, Role.CHAIR: Scope.STATION}
_READERS = {
    Role.CLERK: Scope.STATION,
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.VICE_CHAIR: Scope.STATION,
}
_COMMUNITY_CHAIRS = {Role.COMMUNITY_CHAIR: Scope.COMMUNITY}
_DISTRICT = {Role.DISTRICT_AUDITOR: Scope.EVERY_STATION, Role.DISTRICT_OFFICE: Scope.EVERY_STATION}
_AUDITORS = {Role.DISTRICT_AUDITOR: Scope.EVERY_STATION}
_PAYERS = {Role.ACCOUNTANT: Scope.STATION, Role.CASHIER: Scope.STATION}
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
    "RegisterUnion": _CLERKS,
    "FoundUnion": _CLERKS,
    "CoverEmployer": _CLERKS,
    "DissolveUnion": _HEADS,
    "MergeUnion": _HEADS,
    "RegisterMember": _CLERKS,
    "JoinMember": _CLERKS | _COMMUNITY_CHAIRS,
    "CorrectMember": _CLERKS,
    "TransferMember": _CLERKS,
    "RequestTransfer": _CLERKS,
    "AcceptTransfer": _CLERKS,
    "CompleteTransfer": _OURSELVES,
    "LeaveUnion": _CLERKS,
    "ExpelMember": _HEADS,
    "RecordDeath": _CLERKS,
    "ErasePerson": _HEADS,
    "ApplyForCard": _CLERKS,
    "WithdrawCardApplication": _CLERKS,
    "SendCardApplications": _CLERKS,
    "IssueCard": _CLERKS,
    "ReportCardLost": _CLERKS,
    "ReplaceCard": _CLERKS,
    "UnbindCard": _CLERKS | _OURSELVES,
    "RecordHonour": _CLERKS,
    "RetireHonouree": _CLERKS,
    "RevokeHonour": _HEADS,
    "StateProfileValue": _CLERKS,
    "ListCommunity": _CLERKS,
    "DelistCommunity": _CLERKS,
    "AppointStaff": _HEADS,
    "ReleaseStaff": _HEADS,
    "OpenImport": _CLERKS,
    "ConfirmImport": _CLERKS,
    "UndoAdmission": _CLERKS,
    "UndoImport": _CLERKS,
    "RevealField": _READERS,
    "members": _READERS | _COMMUNITY_CHAIRS | _DISTRICT,
    "member": _READERS | _COMMUNITY_CHAIRS | _DISTRICT,
    "member_names": _READERS | _DISTRICT | _PAYERS,
    "union": _READERS | _COMMUNITY_CHAIRS | _DISTRICT,
    "unions": _READERS | _COMMUNITY_CHAIRS | _DISTRICT,
    "communities": _READERS | _COMMUNITY_CHAIRS | _DISTRICT,
    "cards": _READERS | _DISTRICT,
    "card_applications": _READERS | _DISTRICT,
    "card_application_file": _CLERKS,
    "card_numbers_check": _CLERKS,
    "card_numbers_marked": _CLERKS,
    "card_numbers_commands": _CLERKS,
    "roster_template": _CLERKS,
    "roster_check": _CLERKS,
    "roster_marked": _CLERKS,
    "roster_commands": _CLERKS,
    "roster_imports": _READERS | _DISTRICT,
    "roster_import": _READERS | _DISTRICT,
    "history": _READERS | _AUDITORS,
    "revealed": _READERS,
}
