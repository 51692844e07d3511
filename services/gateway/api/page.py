"""The OpenAPI document and the page that shows it, both without signing in: they say nothing of any station."""

import orjson
from flask import Flask, Response, render_template
from flask_smorest import Api

DOCUMENT = "/openapi.json"


def show_document(app: Flask, api: Api, prefix: str) -> None:
    """Serve the document as it stands once every path is added."""
    document = orjson.dumps(api.spec.to_dict())

    @app.get(f"{prefix}{DOCUMENT}")
    def openapi_document() -> Response:
        return Response(document, mimetype="application/json")

    @app.get(f"{prefix}/")
    def openapi_page() -> str:
        return render_template("openapi.html", document=f"{prefix}{DOCUMENT}")
