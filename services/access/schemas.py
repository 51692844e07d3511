"""What questions must look like at the edge."""

from typing import get_args

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.access.role import RoleName

NAMES_AT_ONCE = 500

_ID = validate.Length(1, 80)


class InRole(Schema):
    """Asking for the identity of a person in one of their roles."""

    person_id = fields.String(required=True, validate=_ID)
    role = fields.String(required=True, validate=validate.OneOf(get_args(RoleName)))
    confirmed = fields.Boolean(load_default=False)


class OfToken(Schema):
    """Asking whose session a token is, known by its SHA-256 in hex, in which of the roles."""

    token_hash = fields.String(required=True, validate=validate.Length(equal=64))
    role = fields.String(validate=validate.Length(1, 40))
    station = fields.String(validate=validate.Length(1, 9))
    community = fields.String(validate=validate.Length(1, 80))


class OfPerson(Schema):
    """Asking about one person."""

    person_id = fields.String(required=True, validate=_ID)


class OfPersons(Schema):
    """Asking for the names of some persons."""

    person_ids = fields.List(fields.String(validate=_ID), required=True, validate=validate.Length(0, NAMES_AT_ONCE))


class OfStranger(Schema):
    """Asking at which station a system, or a subject of single sign-on, is known."""

    client_id = fields.String(validate=_ID)
    issuer = fields.String(validate=validate.Length(1, 300))
    subject = fields.String(validate=validate.Length(1, 500))

    @validates_schema
    def _one_of_both(self, asked: dict[str, str], **_more: object) -> None:
        if set(asked) not in ({"client_id"}, {"issuer", "subject"}):
            raise ValidationError("Needed: client_id, or issuer and subject.", "client_id")
