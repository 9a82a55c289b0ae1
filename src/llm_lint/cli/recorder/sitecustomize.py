"""Put first on ``PYTHONPATH`` by ``llm-lint run``: records the LLM requests of an unmodified program.

Runs at the start of every interpreter of the program, its subprocesses included, loads the runtime (under a
name of its own) only when an HTTP client is imported, and hands over to the ``sitecustomize`` that it hides.
"""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType


def _load(name: str, path: str) -> ModuleType:
    folder = os.path.dirname(path) if path.endswith("__init__.py") else None
    spec = spec_from_file_location(name, path, submodule_search_locations=[folder] if folder else None)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _record(runtime: str) -> None:
    def install(_library: object) -> None:
        name = "_llm_lint_recorder"
        if name not in sys.modules:
            _load(name, os.path.join(runtime, "__init__.py")).install()

    imports = _load("_llm_lint_imports", os.path.join(runtime, "imports.py"))
    imports.after_import(frozenset({"httpx", "httpx2"}), install)


def _hand_over() -> None:
    """Run the ``sitecustomize`` that would have run without this one."""
    here = os.path.dirname(os.path.abspath(__file__))
    path = sys.path[:]
    ours = sys.modules.pop("sitecustomize")
    sys.path[:] = [folder for folder in path if os.path.abspath(folder or ".") != here]
    try:
        __import__("sitecustomize")
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.path[:] = path
        sys.modules.setdefault("sitecustomize", ours)


if os.environ.get("LLM_LINT_RUNTIME") and sys.version_info >= (3, 10):
    try:
        _record(os.environ["LLM_LINT_RUNTIME"])
    except Exception as error:  # the program must run as it would without us
        sys.stderr.write(f"llm-lint: this process is not recorded: {type(error).__name__}: {error}\n")
_hand_over()
