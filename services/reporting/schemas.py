"""What questions to reporting must look like."""

from marshmallow import Schema, fields, validate


class AskingReport(Schema):
    """Which year, as of which day, as known at which instant, in which layout."""

    year = fields.Integer(required=True, strict=True, validate=validate.Range(1900, 9998))
    as_of = fields.Date(load_default=None, allow_none=True)
    known_at = fields.AwareDateTime(load_default=None, allow_none=True)
    layout = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 80))


class AskingExplain(AskingReport):
    """The same, and the key of a line."""

    key = fields.String(required=True, validate=validate.Length(1, 200))


class AskingStops(Schema):
    """Nothing more."""
