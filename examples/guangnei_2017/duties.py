"""Whose work each command is, in the order in which a day's work is done."""

from typing import NamedTuple


class Duty(NamedTuple):
    """The service that takes a command, who of the station enters it, and in which role."""

    service: str
    by: str
    role: str


_CLERK, _SECOND_CLERK, _HEAD = ("clerk-1", "clerk"), ("clerk-2", "clerk"), ("head", "station_head")
_CHAIR, _ACCOUNTANT, _CASHIER = ("chair", "chair"), ("accountant", "accountant"), ("cashier", "cashier")

_WORK: tuple[tuple[str, tuple[str, str], str], ...] = (
    ("membership", _CLERK, "StateProfileValue ListCommunity DelistCommunity"),
    ("membership", _HEAD, "AppointStaff ReleaseStaff"),
    ("membership", _CLERK, "RegisterUnion FoundUnion CoverEmployer RegisterMember JoinMember CorrectMember"),
    ("membership", _CLERK, "TransferMember RequestTransfer AcceptTransfer"),
    ("membership", _CLERK, "IssueCard ReportCardLost ReplaceCard"),
    ("membership", _CLERK, "RecordHonour RetireHonouree"),
    ("membership", _CLERK, "LeaveUnion RecordDeath"),
    ("membership", _HEAD, "ExpelMember RevokeHonour DissolveUnion MergeUnion"),
    ("activities", _SECOND_CLERK, "PlanActivity PublishActivity EnrolMember WithdrawEnrolment"),
    ("activities", _HEAD, "CancelActivity"),
    ("activities", _SECOND_CLERK, "HoldActivity RecordSwipe MarkNoShow"),
    ("activities", _HEAD, "AnnulSwipe"),
    ("activities", _SECOND_CLERK, "HandOutToPerson HandOutInBulk CorrectHandOut CloseActivity"),
    ("activities", _SECOND_CLERK, "OrderGoods TrainCadre RecordStaffTraining SignVenueAgreement"),
    ("activities", _SECOND_CLERK, "AddressQuiz RecordQuizAnswers VisitSite"),
    ("relief", _HEAD, "StatePolicy OpenFund RaiseBudget"),
    ("relief", _SECOND_CLERK, "RegisterCase OpenCase PlanExit WithdrawExitPlan"),
    ("relief", _HEAD, "ExitCase"),
    ("relief", _SECOND_CLERK, "Apply ResubmitApplication RecordHomeVisit RecordComparison"),
    ("relief", _HEAD, "ReturnApplication ReviewApplication RefuseApplication"),
    ("relief", _SECOND_CLERK, "PublishNotice CloseNotice"),
    ("relief", _CHAIR, "ApproveApplication"),
    ("relief", _ACCOUNTANT, "ReversePayment EnterPayment"),
    ("relief", _CASHIER, "ReleasePayment BookBankReturn"),
    ("relief", _SECOND_CLERK, "SignForGrant PrepareConsolationList AddToConsolationList"),
    ("relief", _CHAIR, "ApproveConsolationList"),
    ("relief", _SECOND_CLERK, "SignForConsolation"),
    ("relief", _SECOND_CLERK, "ForwardTuitionAid RecordTuitionDecision RefuseTuitionAid RecordTuitionDrawn"),
)

DUTIES: dict[str, Duty] = {name: Duty(service, *who) for service, who, names in _WORK for name in names.split()}
ORDER: dict[str, int] = {name: order for order, name in enumerate(DUTIES)}
