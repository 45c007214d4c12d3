"""A small stand-in for platforms on localhost: answers like WeChat's API or like a brand's webhook, and remembers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec


class Platform:
    """`errors` are answered once each, first in first out, before anything succeeds."""

    def __init__(self) -> None:
        self.url = ""
        self.tokens: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.bodies: list[tuple[dict[str, str], bytes]] = []
        self.uploads: list[bytes] = []
        self.errors: list[int] = []
        self.statuses: list[int] = []
        self.token_error = 0
        self.lock = threading.Lock()

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, str, bytes]:
        url = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        with self.lock:
            if self.statuses:
                return self.statuses.pop(0), "text/plain", b"no"
            match url.path:
                case "/picture.png":
                    return 200, "image/png", b"\x89PNG picture"
                case "/page.html":
                    return 200, "text/html", b"<html>"
                case "/callback":
                    self.bodies.append((headers, body))
                    return 200, "application/json", b'{"id":"theirs-1"}'
                case "/cgi-bin/token":
                    return _json(self._token(query))
                case _:
                    return _json(self._call(url.path, query, body))

    def _token(self, query: dict[str, str]) -> dict[str, Any]:
        if self.token_error:
            return {"errcode": self.token_error, "errmsg": "no token"}
        assert query["grant_type"] == "client_credential"
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return {"access_token": self.tokens[-1], "expires_in": 7200}

    def _call(self, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        if not self.tokens or query.get("access_token") != self.tokens[-1]:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
        if self.errors and (code := self.errors.pop(0)):
            return {"errcode": code, "errmsg": "refused"}
        if path == "/cgi-bin/media/upload":
            self.uploads.append(body)
            return {"type": query["type"], "media_id": f"media-{len(self.uploads)}", "created_at": 1}
        assert path == "/cgi-bin/message/custom/send"
        self.sent.append(msgspec.json.decode(body))
        return {"errcode": 0, "errmsg": "ok"}


def _json(said: dict[str, Any]) -> tuple[int, str, bytes]:
    return 200, "application/json", msgspec.json.encode(said)


@contextmanager
def running() -> Iterator[Platform]:
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {key.lower(): value for key, value in self.headers.items()}
            status, kind, answer = platform.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
