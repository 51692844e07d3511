"""`python -m bench.echo ADDRESS AMQP_URI`: a nameko service that says what it is told, by HTTP and by RPC."""
# mypy: disable-error-code="untyped-decorator"

import warnings

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import sys  # noqa: E402

from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from nameko.web.handlers import http  # noqa: E402
from werkzeug.wrappers import Request, Response  # noqa: E402


class Echo:
    """The least that a nameko service can do."""

    name = "echo"

    @http("POST", "/echo")
    def over_http(self, request: Request) -> Response:
        return Response(request.get_data(), mimetype="application/json")

    @http("GET", "/health")
    def alive(self, _request: Request) -> Response:
        return Response("alive")

    @rpc
    def over_rpc(self, body: object) -> object:
        return body


def main() -> None:
    runner = ServiceRunner({"WEB_SERVER_ADDRESS": sys.argv[1], "AMQP_URI": sys.argv[2]})
    runner.add_service(Echo)
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main()
