"""The words and kinds of field that several parts of relief share."""

from typing import Annotated, Literal

from marshmallow import validate

from lastmile.kernel.domain.fields import Sealed

Programme = Literal["warmth"]
"""Warmth-giving (送温暖) is the one programme whose grants go the full chain."""

Source = Literal["central", "municipal", "own"]
"""Who gave the money of a fund."""

Category = Literal["deep", "relative", "accident", "single_mother", "serious_illness"]
"""Why a household is in hardship."""

Hardship = Annotated[str, Sealed("hardship")]
Count = Annotated[int, validate.Range(0, 10**9)]
