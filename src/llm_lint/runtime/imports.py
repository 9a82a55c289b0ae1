"""Doing something to a module right after its import, whenever that is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _AfterImport:
    """A finder that lets the others find a module and acts once it has been run."""

    def __init__(self, names: frozenset[str], act: Callable[[Any], None]) -> None:
        self._names, self._act, self._busy = names, act, False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's real spec, with a step after its execution."""
        if name not in self._names or self._busy:
            return None
        self._busy = True
        try:
            from importlib.util import find_spec

            spec = find_spec(name)
        except (ImportError, ValueError):
            return None
        finally:
            self._busy = False
        if spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            self._act(module)

        loader.exec_module = exec_module
        return spec


def after_import(names: frozenset[str], act: Callable[[Any], None]) -> None:
    """Call ``act`` with each named top-level module when it is imported."""
    sys.meta_path.insert(0, _AfterImport(names, act))
