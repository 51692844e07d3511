"""What questions must look like at the edge."""

from marshmallow import Schema, fields, validate


class OfMonth(Schema):
    """Asking for a month."""

    month = fields.String(
        required=True,
        validate=validate.Regexp(r"^\d{4}-(0[1-9]|1[0-2])\Z", error="Not a month: YYYY-MM."),
    )


class OfActivity(Schema):
    """Asking for one activity."""

    activity_id = fields.String(required=True, validate=validate.Length(1, 80))
