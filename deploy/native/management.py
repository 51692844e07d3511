"""Virtual hosts made and deleted through RabbitMQ's management interface."""

import base64
import http.client
import json
from urllib.parse import quote

TIME_LIMIT_SECONDS = 20.0


class ManagementRefused(RuntimeError):
    """The broker's management interface answered with an error; the message is its own."""


class Management:
    """The management interface of one broker, as one user."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._address = (host, port)
        self._user = user
        self._authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def answers(self) -> bool:
        try:
            return self._ask("GET", "/api/whoami") == http.client.OK
        except (OSError, http.client.HTTPException):
            return False

    def create_vhost(self, name: str) -> None:
        vhost = quote(name, safe="")
        self._order("PUT", f"/api/vhosts/{vhost}")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self._order("PUT", f"/api/permissions/{vhost}/{quote(self._user, safe='')}", everything)

    def delete_vhost(self, name: str) -> None:
        """Delete a virtual host; one that does not exist is no error."""
        self._order("DELETE", f"/api/vhosts/{quote(name, safe='')}", fine=http.client.NOT_FOUND)

    def _order(self, method: str, path: str, body: object = None, fine: int | None = None) -> None:
        status = self._ask(method, path, body)
        if status >= http.client.BAD_REQUEST and status != fine:
            raise ManagementRefused(f"{method} {path} at {self._address[0]}:{self._address[1]}: {status}")

    def _ask(self, method: str, path: str, body: object = None) -> int:
        connection = http.client.HTTPConnection(*self._address, timeout=TIME_LIMIT_SECONDS)
        try:
            headers = {"Authorization": self._authorization, "Content-Type": "application/json"}
            connection.request(method, path, json.dumps(body) if body else None, headers)
            return connection.getresponse().status
        finally:
            connection.close()
