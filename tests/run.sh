#!/bin/sh
# Install everything the tests need into a virtual environment of their own and run all checks.
set -eu
cd "$(dirname "$0")/.."
environment=${LLM_LINT_VENV:-$(mktemp -d)/venv}
[ -x "$environment/bin/python" ] || "${PYTHON:-python3}" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --upgrade pip
"$environment/bin/python" -m pip install --quiet --editable ".[dev]"
PATH="$environment/bin:$PATH"
export PATH
if ! command -v redis-server >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server; } \
    >/dev/null 2>&1 || echo "redis-server cannot be installed: its tests are skipped" >&2
fi
ruff check .
ruff format --check .
mypy
lint-imports
pytest -n 2 -rs --cov=llm_lint --cov-report=
coverage report --include='src/llm_lint/rules/*,src/llm_lint/semantics/*' --fail-under=95 --skip-covered
