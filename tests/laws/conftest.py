from collections.abc import Iterator

import pytest

from tests.laws.world import World


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    made = World()
    yield made
    made.close()
