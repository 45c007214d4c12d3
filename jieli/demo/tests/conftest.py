from datetime import UTC, datetime

import pytest

from jieli.demo import brand
from jieli.demo.brand.contracts import DemoBrand

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def lumora() -> DemoBrand:
    return brand.build(now=NOW)
