"""``python -m tests.fake_provider [PORT]``: a provider for trying things out by hand."""

from __future__ import annotations

import sys
import threading

from tests.fake_provider.server import FakeProvider

with FakeProvider(port=int(sys.argv[1]) if len(sys.argv) > 1 else 0) as provider:
    for name, value in provider.environment().items():
        print(f"export {name}={value}")
    sys.stdout.flush()
    threading.Event().wait()
