"""Shared by all tests: neither the user's account nor the calendar may change a result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timezone

import pytest
from hypothesis import HealthCheck, settings

from llm_lint.pricing.snapshot import shipped

# Time is no property: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _nothing_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The prices that ship with the package count, on the day they were compiled; nothing is remembered."""
    noon = datetime.combine(shipped().as_of, time(12), timezone.utc)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("SOURCE_DATE_EPOCH", str(int(noon.timestamp())))
        patch.setenv("LLM_LINT_NO_CACHE", "1")
        yield
