"""Virtual environments with other versions of the SDKs, made when a test first needs them, then kept."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

# Each major version of openai; the newest with everything that sits on top of it.
PACKAGES = {
    "openai-1": ("openai<2",),
    "openai-2": ("openai>=2,<3",),
    "openai-3": ("openai>=3", "anthropic>=2", "langchain-openai>=1", "langchain-anthropic>=1"),
}


def _folder() -> Path:
    """Where the environments lie: ``LLM_LINT_SDK_VENVS``, else inside the environment of the tests."""
    kept = os.environ.get("LLM_LINT_SDK_VENVS")
    return Path(kept) if kept else Path(sys.prefix) / "llm-lint-sdks"


def interpreter(name: str) -> Path:
    """The interpreter of an environment, made if it is not there."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    home, done = folder / name, folder / f"{name}.done"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
            command = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", *PACKAGES[name]]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            done.touch()
    return home / "bin" / "python"
