"""A private RabbitMQ on free ports, with its own port mapper, cookie, data and virtual hosts."""

import os
import secrets
import signal
import socket
from pathlib import Path
from typing import Self

from deploy.native.guard import Guarded, free_ports
from deploy.native.management import Management
from deploy.native.programs import erlang_program, rabbit_program

# The header that opens an AMQP 0-9-1 connection; a broker that is up answers with its own greeting.
AMQP_GREETING = b"AMQP\x00\x00\x09\x01"
# Where Erlang's command line tools may listen: their usual place, 10,000 above the distribution port,
# may lie past the last port.
TOOL_PORTS = (20_000, 29_999)
CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management_port}
# Only virtual hosts are made through it; counting messages would cost what the bench measures.
management_agent.disable_metrics_collector = true
# Fewer free bytes than this and the broker would block its publishers.
disk_free_limit.absolute = 50MB
"""


class PrivateRabbit:
    """A broker of our own: its data kept over pause and kill, gone after stop. Its user is guest, guest."""

    def __init__(self) -> None:
        self._guarded: Guarded | None = None
        self._name = f"lastmile-{secrets.token_hex(4)}@localhost"
        self._port = self._management_port = self._distribution_port = self._mapper_port = 0

    @property
    def uri(self) -> str:
        """The broker's first virtual host, `/`."""
        return f"amqp://guest:guest@127.0.0.1:{self._port}//"

    @property
    def management_address(self) -> str:
        """host:port of the management interface."""
        return f"127.0.0.1:{self._management_port}"

    @property
    def directory(self) -> Path:
        """Where everything of this server lies while it exists."""
        assert self._guarded is not None
        return self._guarded.directory

    def start(self) -> Self:
        """Start, for the first time or after pause or kill; return when it answers."""
        if self._guarded is None:
            guarded = self._guarded = Guarded("rabbit")
            self._port, self._management_port, self._distribution_port, self._mapper_port = free_ports(4)
            self._configure(guarded.directory)
            mapper = ["-port", str(self._mapper_port), "-address", "127.0.0.1"]
            guarded.start("epmd", [erlang_program("epmd"), *mapper], self._environment(guarded.directory))
            guarded.wait_until(lambda: _listens(self._mapper_port), "epmd")
        self._guarded.start("rabbit", [rabbit_program("rabbitmq-server")], self._environment(self._guarded.directory))
        self._guarded.wait_until(self._answers, "rabbit")
        return self

    def pause(self) -> None:
        """Shut the broker down and keep its data; start brings it back on the same port."""
        if self._guarded is not None:
            environment = self._environment(self._guarded.directory)
            self._guarded.run([rabbit_program("rabbitmqctl"), "stop_app"], environment)
            self._guarded.end("rabbit", signal.SIGKILL)

    def kill(self) -> None:
        """End the broker at once, as a crash would; start brings it back."""
        if self._guarded is not None:
            self._guarded.end("rabbit", signal.SIGKILL)

    def stop(self) -> None:
        """End the broker and its port mapper and remove everything of them."""
        if self._guarded is not None:
            self._guarded.end("rabbit", signal.SIGKILL)
            self._guarded.close()
            self._guarded = None

    def create_vhost(self, name: str) -> str:
        """Make an empty virtual host and return its URI."""
        self._management().create_vhost(name)
        return f"{self.uri.removesuffix('//')}/{name}"

    def delete_vhost(self, name: str) -> None:
        """Delete a virtual host with all that is in it; one that does not exist is no error."""
        self._management().delete_vhost(name)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _management(self) -> Management:
        return Management("127.0.0.1", self._management_port, "guest", "guest")

    def _answers(self) -> bool:
        return greets("127.0.0.1", self._port) and self._management().answers()

    def _configure(self, directory: Path) -> None:
        text = CONFIGURATION.format(port=self._port, management_port=self._management_port)
        (directory / "rabbitmq.conf").write_text(text)
        (directory / "enabled_plugins").write_text("[rabbitmq_management].")

    def _environment(self, directory: Path) -> dict[str, str]:
        first, last = TOOL_PORTS
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(directory),  # Erlang makes its cookie here.
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self._name,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_CTL_DIST_PORT_MIN": str(first),
            "RABBITMQ_CTL_DIST_PORT_MAX": str(last),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(directory / "data"),
            "RABBITMQ_LOG_BASE": str(directory),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(directory / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(directory / "config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(directory / "node-id"),
            # Makes the start script become the broker instead of standing between us and it.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def greets(host: str, port: int) -> bool:
    """Whether an AMQP broker answers at this address."""
    try:
        with socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall(AMQP_GREETING)
            return connection.recv(1) == b"\x01"
    except OSError:
        return False


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True
