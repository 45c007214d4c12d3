"""Redis publish/subscribe; nothing is kept in Redis."""

from collections.abc import Iterator

import redis
from django.conf import settings

from jieli.kernel.bus.threaded import Closed, ThreadedBus


def _channel() -> str:
    return f"jieli:{settings.JIELI_BUS_NAME}"


class _Sender:
    def __init__(self) -> None:
        self._client = redis.Redis.from_url(settings.JIELI_REDIS_URL)

    def __call__(self, messages: list[str]) -> None:
        if not messages:
            self._client.close()
            return
        pipe = self._client.pipeline(transaction=False)
        for message in messages:
            pipe.publish(_channel(), message)
        pipe.execute()


def _receive(closed: Closed) -> Iterator[str]:
    client = redis.Redis.from_url(settings.JIELI_REDIS_URL)
    with client.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
        subscription.subscribe(_channel())
        while not closed():
            if message := subscription.get_message(timeout=1.0):
                yield message["data"].decode()


def make() -> ThreadedBus:
    return ThreadedBus(send=_Sender(), receive=_receive, errors=(redis.RedisError, OSError))
