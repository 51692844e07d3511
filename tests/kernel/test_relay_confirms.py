"""A window is published when the broker confirmed every message of it, in whatever order."""

from collections import Counter
from collections.abc import Callable
from typing import Any, cast

import pytest

from lastmile.kernel.store.database import Database
from lastmile.kernel.wire import relay
from lastmile.kernel.wire.relay import Publishing

ENTRY = b'{"log":"110102017/relief","type":"GrantPaid"}'


class Channel:
    """A channel whose broker confirms as the test says."""

    def __init__(self) -> None:
        self.events: dict[str, set[Callable[..., None]]] = {
            name: set() for name in ("basic_ack", "basic_nack", "basic_return")
        }
        self.sent = 0

    def confirm_select(self) -> None:
        return None

    def basic_publish(self, *_message: Any, **_options: Any) -> None:
        self.sent += 1

    def confirm(self, tag: int, multiple: bool = False) -> None:
        for listener in self.events["basic_ack"]:
            listener(tag, multiple)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Publishes four messages; `confirms` come one at each waiting. Answers how many waitings it took."""

    def publish(*confirms: tuple[int, bool]) -> int:
        channel, waiting = Channel(), list(confirms)

        def drain(_channel: Any, _seconds: float) -> bool:
            if waiting:
                channel.confirm(*waiting.pop(0))
                return True
            return False

        monkeypatch.setattr(relay, "drain", drain)
        Publishing(cast(Database, None), channel, Counter()).publish([ENTRY] * 4)
        return len(confirms) - len(waiting)

    return publish


def test_one_confirm_for_all_is_enough(published: Callable[..., int]) -> None:
    assert published((4, True)) == 1


def test_single_confirms_are_awaited_in_any_order(published: Callable[..., int]) -> None:
    assert published((4, False), (2, False), (1, False), (3, False)) == 4


def test_the_highest_confirmed_does_not_stand_for_those_below(published: Callable[..., int]) -> None:
    with pytest.raises(TimeoutError, match="confirmed no message"):
        published((4, False))
