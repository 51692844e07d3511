"""Hosting a service under nameko: the door at once, the broker whenever it is there, a clean stop."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from nameko.extensions import DependencyProvider
from nameko.runners import ServiceRunner
from nameko.web.handlers import http
from werkzeug.wrappers import Request, Response

from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.store.following import Follower, Source
from lastmile.kernel.store.service import Service
from lastmile.kernel.wire.broker import BROKER_TROUBLE, broker_channel
from lastmile.kernel.wire.door import Door
from lastmile.kernel.wire.health import Health
from lastmile.kernel.wire.news import News
from lastmile.kernel.wire.relay import WINDOW, Relay

LONGEST_PAUSE_SECONDS = 5.0
IDLE_SECONDS = 0.1
GATHERING_SECONDS = 0.03
"""News may be this late, so that under load a window is worth the asking."""

UNAVAILABLE_SECONDS = 0.3
CHECKPOINT_SECONDS = 0.5

logger = structlog.get_logger()


@dataclass
class Hosted:
    """What one process hosts: a service, its door, and what it needs to hear and be heard."""

    service: Service
    door: Door
    health: Health
    sources: Mapping[str, Source]
    amqp_uri: str
    pull_seconds: float
    chores: Sequence[Callable[[], Any]] = ()
    """Further work to be done again and again, beside signing checkpoints."""

    broker_state: str = field(default="not tried yet")


class Parts(DependencyProvider):
    """Gives the nameko service its parts and runs its loops as managed threads."""

    def setup(self) -> None:
        self.hosted: Hosted = self.container.config["LASTMILE_HOSTED"]
        self.stopping = Event()

    def start(self) -> None:
        hosted = self.hosted
        self._loop("checkpoints", CHECKPOINT_SECONDS, hosted.service.sign_checkpoints)
        for chore in hosted.chores:
            self._loop("chore", hosted.pull_seconds, chore)
        for follower in hosted.service.followers:
            self._loop("pull", hosted.pull_seconds, partial(hosted.service.catch_up_one, follower, hosted.sources))
            if hosted.amqp_uri:
                self.container.spawn_managed_thread(partial(self._hear, follower))
        if hosted.amqp_uri and hosted.service.definition.handlers.handled:
            self.container.spawn_managed_thread(self._publish)

    def stop(self) -> None:
        if not self.stopping.ready():
            self.stopping.send(None)

    def get_dependency(self, worker_ctx: Any) -> Hosted:
        return self.hosted

    def _loop(self, what: str, seconds: float, work: Callable[[], Any]) -> None:
        self.container.spawn_managed_thread(partial(self._again_and_again, what, seconds, work))

    def _again_and_again(self, what: str, seconds: float, work: Callable[[], Any]) -> None:
        away = ""
        while not self.stopping.ready():
            try:
                work()
                away = ""
            except Unavailable as error:
                if str(error) != away:  # Said once, not at every try.
                    logger.warning("away", what=what, service=self.hosted.service.name, why=str(error))
                    away = str(error)
            except Exception:
                logger.exception("failed", what=what, service=self.hosted.service.name)
            eventlet.sleep(seconds)

    def _publish(self) -> None:
        relay = Relay(self.hosted.service.database, self.hosted.amqp_uri, self.hosted.health.counts)

        def session() -> None:
            with relay.alone() as alone, relay.connected() as publishing:
                self._broker_is("there")
                while alone and not self.stopping.ready():
                    published = publishing.publish_new()
                    if not published:
                        eventlet.sleep(IDLE_SECONDS)
                        publishing.keep_alive()
                    elif published < WINDOW:
                        eventlet.sleep(GATHERING_SECONDS)

        self._with_broker("relay", session)

    def _hear(self, follower: Follower) -> None:
        hosted = self.hosted

        def session() -> None:
            with broker_channel(hosted.amqp_uri) as channel:
                news = News(hosted.service.name, follower, hosted.sources, channel, hosted.health.counts)
                self._broker_is("there")
                while not self.stopping.ready():
                    self._take(news)

        self._with_broker(f"follower {follower.name}", session)

    def _take(self, news: News) -> None:
        try:
            news.take(1.0)
        except Unavailable as error:  # The database, an owner, or a copy that is behind: the messages wait.
            logger.info("waiting", queue=news.queue, why=str(error))
            eventlet.sleep(UNAVAILABLE_SECONDS)

    def _with_broker(self, what: str, session: Callable[[], None]) -> None:
        pause = IDLE_SECONDS
        while not self.stopping.ready():
            started = time.monotonic()
            try:
                session()
            except (*BROKER_TROUBLE, Unavailable) as error:
                self._broker_is(f"away: {error or type(error).__name__}")
            except Exception:
                logger.exception("failed", what=what, service=self.hosted.service.name)
            pause = (
                IDLE_SECONDS
                if time.monotonic() - started > LONGEST_PAUSE_SECONDS
                else min(pause * 2, LONGEST_PAUSE_SECONDS)
            )
            eventlet.sleep(pause)

    def _broker_is(self, state: str) -> None:
        if state != self.hosted.broker_state:
            logger.info("broker", service=self.hosted.service.name, state=state)
            self.hosted.broker_state = state


class Shell:
    """The nameko service around a service of ours; each service's own shell only adds its name."""

    name = ""
    hosted = Parts()

    @http("GET,POST", "/<path:path>")
    def answer(self, request: Request, path: str) -> Response:
        response: Response = self.hosted.door.respond(request)
        return response


def run(shell: type[Shell], hosted: Hosted, address: tuple[str, int]) -> None:
    """Run the service until the process is told to stop."""
    hosted.health.broker = lambda: hosted.broker_state if hosted.amqp_uri else "not used"
    config = {
        "WEB_SERVER_ADDRESS": f"{address[0]}:{address[1]}",
        "AMQP_URI": hosted.amqp_uri,
        "LASTMILE_HOSTED": hosted,
    }
    runner = ServiceRunner(config)
    runner.add_service(shell)
    runner.start()
    logger.info("serving", service=hosted.service.name, address=config["WEB_SERVER_ADDRESS"])
    _stop_on_signals(runner)
    runner.wait()


def _stop_on_signals(runner: ServiceRunner) -> None:
    def stop(_number: int, _frame: Any) -> None:
        eventlet.spawn_n(runner.stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
