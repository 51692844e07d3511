"""What questions must look like at the edge."""

from typing import get_args

from marshmallow import Schema, fields, validate

from services.access.role import RoleName


class InRole(Schema):
    """Asking for the identity of a person in one of their roles."""

    person_id = fields.String(required=True, validate=validate.Length(1, 80))
    role = fields.String(required=True, validate=validate.OneOf(get_args(RoleName)))
    confirmed = fields.Boolean(load_default=False)
