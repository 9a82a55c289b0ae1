"""Shared by all tests: nothing that the user's own account holds may change a result."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def _no_updated_prices(tmp_path_factory: pytest.TempPathFactory) -> pytest.MonkeyPatch:
    """The prices that ship with the package count, whatever was fetched on this machine."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    return patch
