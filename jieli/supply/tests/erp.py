"""A real ERP-like HTTP server on this machine, that answers well, slowly, wrongly or not at all."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[BaseHTTPRequestHandler], None]


class Erp:
    """`requests` are the paths asked, with the key they were asked with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[tuple[str, str]] = []
        self.answers: Answering = lambda handler: reply(handler, {"data": []})
        self.release = threading.Event()

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Say nothing until the test is over."""
        self.release.wait(10)
        handler.close_connection = True

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Begin to answer, and never finish."""
        handler.send_response(200)
        handler.end_headers()
        while not self.release.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()


def reply(handler: BaseHTTPRequestHandler, body: Any, status: int = 200) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw)


@contextmanager
def running() -> Iterator[Erp]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            erp.requests.append((self.path, self.headers.get("X-Key", "")))
            try:
                erp.answers(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    erp = Erp(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield erp
    finally:
        erp.release.set()
        server.shutdown()
        server.server_close()
