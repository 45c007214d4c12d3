"""A desk over REST: signed in as one member of staff, in this process."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from tests.laws.world import PASSWORD


class Desk:
    def __init__(self, username: str) -> None:
        self._http = Client()
        assert self._http.login(username=username, password=PASSWORD)

    def ask(self, path: str, **query: Any) -> tuple[int, str]:
        response = self._http.get(f"/api/v1{path}", query)
        return response.status_code, response.content.decode()

    def get(self, path: str, **query: Any) -> Any:
        response = self._http.get(f"/api/v1{path}", query)
        assert response.status_code == 200, response.content
        return response.json()

    def post(self, path: str, body: Any, *, status: int = 200) -> Any:
        response = self._http.post(f"/api/v1{path}", body, content_type="application/json")
        assert response.status_code == status, response.content
        return response.json()

    def rows(self, path: str, **query: Any) -> Iterator[Any]:
        """Every row of a list, page by page, in small pages."""
        cursor = ""
        while True:
            page = self.get(path, **query, cursor=cursor, limit=2)
            yield from page["items"]
            if not (cursor := page["next_cursor"] or ""):
                return
