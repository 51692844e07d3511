"""Files that people send and get: as base64 to and from membership, which alone reads and writes them."""

import base64
from collections.abc import Mapping
from urllib.parse import quote

from flask import Response, request

from services.gateway.sheets import EXCEL


def sent(name: str = "file") -> tuple[str, str] | None:
    """The file's own name and its content as base64; None if none was chosen."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    return file.filename, base64.b64encode(file.read()).decode()


def given(answer: Mapping[str, str]) -> Response:
    """A workbook that membership answered, under its Chinese name."""
    named = f"attachment; filename*=UTF-8''{quote(answer['name'])}"
    return Response(base64.b64decode(answer["file"]), mimetype=EXCEL, headers={"Content-Disposition": named})
