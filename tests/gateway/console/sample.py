"""A list, a form and a record as a part of the program would declare them, and the service that they ask."""

from marshmallow import Schema, fields, validate

from lastmile.kernel.domain.identity import Permissions, Role, Scope
from services.gateway.catalogue import Catalogue, CommandOffered, QuestionOffered, ServiceOffered
from services.gateway.console.detail import Action, Fact, Record, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.listing import Column, Filter, Listing, Step, list_pages
from services.gateway.console.page import Menu, Page, link


class Listed(Schema):
    """As the kernel's lists are asked."""

    text = fields.String()
    open = fields.Boolean()
    sort = fields.String(validate=validate.OneOf(["name", "-name"]))
    page = fields.Integer()
    after = fields.String()
    size = fields.Integer()


class Pay(Schema):
    """A command's body."""

    case_id = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    paid_on = fields.Date(required=True)
    remark = fields.String()


class Keyed(Schema):
    """A record's key."""

    case_id = fields.String(required=True)


CLERK = {Role.CLERK: Scope.STATION}
PERMISSIONS: Permissions = {
    **dict.fromkeys(("cases", "case", "Pay", "history", "revealed", "RevealField", "RecordExport"), CLERK),
    "Hidden": {Role.CHAIR: Scope.STATION},
    "case": CLERK | {Role.CHAIR: Scope.STATION},
}
SAMPLE = ServiceOffered(
    "sample",
    PERMISSIONS,
    {
        name: CommandOffered("sample", name, "case", schema, "")
        for name, schema in (("Pay", Pay()), ("Hidden", Pay()), ("RecordExport", Schema()), ("RevealField", Schema()))
    },
    {
        name: QuestionOffered("sample", name, schema, name == "cases", "", fields.Dict())
        for name, schema in (("cases", Listed()), ("case", Keyed()), ("history", Schema()), ("revealed", Schema()))
    },
    confirmed=frozenset({"Hidden"}),
)
ACCESS = ServiceOffered("access", dict.fromkeys(("names", "ChangePassword", "EndSession"), CLERK), {}, {})
CATALOGUE = Catalogue({"sample": SAMPLE, "access": ACCESS})

CASES = Listing(
    name="sample_cases",
    path="/sample",
    service="sample",
    question="cases",
    key="case_id",
    title="menu.work",
    columns=(
        Column("name", to=lambda row: link("sample_case", key=row["case_id"])),
        Column("amount_fen", "money", label="list.count"),
        Column("handled_by", "person", label="field.actor"),
    ),
    filters=(Filter("text", "search", label="list.find"), Filter("open", "yes-no", label="list.any")),
    steps=(Step("form.submit", "sample_pay", ("sample", "Pay"), {"key": "c1"}),),
    bulk=(Step("form.done", "sample_pay", ("sample", "Pay"), {"key": "c1"}),),
    first_step=Step("form.submit", "sample_pay", ("sample", "Pay"), {"key": "c1"}),
    menu=Menu("relief", 10, "work"),
)
PAY = CommandForm(
    name="sample_pay",
    path="/sample/<key>/pay",
    service="sample",
    command="Pay",
    title="form.submit",
    inputs=(
        Input("amount_fen", "money", label="list.count"),
        Input("paid_on", "date", label="field.occurred_on"),
        Input("remark", "textarea", label="field.ground"),
    ),
    fixed=lambda key: {"case_id": key},
    done=lambda _body, _answer, key: link("sample_case", key=key),
)
HIDDEN = CommandForm(
    name="sample_hidden",
    path="/sample/<key>/hidden",
    service="sample",
    command="Hidden",
    title="form.submit",
    inputs=(Input("amount_fen", "money", label="list.count", required=True),),
    fixed=lambda key: {"case_id": key, "paid_on": "2017-03-01"},
    done=lambda _body, _answer, key: link("sample_case", key=key),
)
CASE = Record(
    name="sample_case",
    path="/sample/<key>",
    service="sample",
    question="case",
    key="case_id",
    aggregates=("case", "grant"),
    beside=lambda _key, told: [f"visit/{told['visit_id']}"],
    title=lambda told: str(told["case_id"]),
    facts=(
        Fact("amount_fen", "money", label="list.count"),
        Fact("full_name", "personal", label="field.name"),
        Fact("account", label="field.account", only_today=True),
    ),
    actions=(
        Action("form.submit", "sample_pay", ("sample", "Pay")),
        Action("form.done", "sample_hidden", ("sample", "Hidden")),
    ),
    back="sample_cases",
)
PAGES: tuple[Page, ...] = (*list_pages(CASES), form_page(PAY), form_page(HIDDEN), record_page(CASE))
