"""``python -m llm_lint`` is ``llm-lint``."""

from __future__ import annotations

import sys

from llm_lint.cli import main

sys.exit(main())
