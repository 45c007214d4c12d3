import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware

from jieli.channels import facade as channels
from jieli.config.front import health, sockets
from jieli.kernel import garbage, wake
from jieli.kernel.realtime.hub import Hub
from jieli.kernel.worker import Worker

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

DJANGO_THREADS = 8


class Front:
    """A bare ASGI app. With `worker`, the loops behind the front run in this process too."""

    def __init__(self, django: App, *, worker: Worker | None = None) -> None:
        self.django, self.worker, self.hub = django, worker, Hub()
        self._sockets = {"/ws/desk": sockets.desk, "/ws/customer": sockets.customer}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind, path = scope["type"], scope.get("path", "")
        if kind == "http":
            if path.startswith("/hooks/"):
                await channels.handle_hook(scope, receive, send)
            elif path == "/healthz":
                await health.answer(send)
            else:
                await self.django(scope, receive, send)
        elif kind == "websocket":
            serve = self._sockets.get(path)
            if serve is None:
                await sockets.refuse(receive, send, 4404, "There is no such socket.")
            else:
                await serve(self.hub, scope, receive, send)
        elif kind == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        await asyncio.to_thread(self.worker.start if self.worker else wake.connect)
        await self.hub.start()
        garbage.settle()

    async def stop(self) -> None:
        await self.hub.stop()
        await asyncio.to_thread(channels.stop_intake)
        if self.worker is not None:
            await asyncio.to_thread(self.worker.stop)


def build(*, worker: bool) -> Front:
    """The front as uvicorn serves it; call after `django.setup()`."""
    from jieli.config.wsgi import application

    return Front(WSGIMiddleware(application, workers=DJANGO_THREADS), worker=Worker() if worker else None)  # type: ignore[arg-type]
