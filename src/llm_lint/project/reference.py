"""What each key of the configuration means: for ``llm-lint config`` and ``docs/configuration.md``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from llm_lint.project.config import FAIL_ON, OUTPUT_FORMATS, Settings
from llm_lint.project.volumes import PROFILES


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it takes, what it does, an example in TOML, and how a value of it is read back."""

    name: str
    takes: str
    does: str
    example: str
    value: Callable[[Settings], Any]

    @property
    def default(self) -> str:
        """The default in TOML; empty where there is none."""
        value = self.value(Settings())
        return "" if value is None or value == {} else toml(value)


def _usage(settings: Settings) -> dict[str, Any]:
    return {"profile": settings.profile, **dict(settings.volumes)}


def _models(settings: Settings) -> dict[str, Any]:
    found = {"aliases": settings.aliases, "prices": settings.prices, "discount": settings.discount}
    return {name: value for name, value in found.items() if value}


def _budget(settings: Settings) -> dict[str, Any]:
    budget = settings.budget
    found = {
        "max-increase-usd": budget.max_usd,
        "max-increase-percent": budget.max_percent,
        "block-unknown-models": budget.block_unknown_models or None,
    }
    return {name: value for name, value in found.items() if value is not None}


_RULES = "codes, prefixes of codes, names, or `ALL`"
KEYS: tuple[Key, ...] = (
    Key(
        "select",
        "list of strings",
        f"The rules to run: {_RULES}.",
        'select = ["LLM4", "uncached-repeated-call"]',
        lambda s: s.select,
    ),
    Key(
        "extend-select",
        "list of strings",
        "Rules to run beside those of `select`.",
        'extend-select = ["LLM701"]',
        lambda s: s.extend_select,
    ),
    Key(
        "ignore",
        "list of strings",
        "Rules not to run, whatever selects them.",
        'ignore = ["missing-cost-logging"]',
        lambda s: s.ignore,
    ),
    Key(
        "fixable",
        "list of strings",
        "The rules whose findings `--fix` may repair.",
        'fixable = ["LLM7"]',
        lambda s: s.fixable,
    ),
    Key(
        "unfixable",
        "list of strings",
        "Rules whose findings `--fix` must leave alone.",
        'unfixable = ["LLM801"]',
        lambda s: s.unfixable,
    ),
    Key(
        "extend-safe-fixes",
        "list of strings",
        "Rules whose unsafe fixes count as safe here.",
        'extend-safe-fixes = ["LLM801"]',
        lambda s: s.extend_safe_fixes,
    ),
    Key(
        "extend-unsafe-fixes",
        "list of strings",
        "Rules whose safe fixes count as unsafe here.",
        'extend-unsafe-fixes = ["LLM701"]',
        lambda s: s.extend_unsafe_fixes,
    ),
    Key(
        "unsafe-fixes",
        "true or false",
        "Whether `--fix` also applies fixes that may change how the program behaves.",
        "unsafe-fixes = true",
        lambda s: s.unsafe_fixes,
    ),
    Key(
        "per-file-ignores",
        "table of lists",
        "Rules whose findings do not count in files that match a pattern; the path is relative to the "
        "project's root.",
        '[per-file-ignores]\n"experiments/*" = ["LLM701"]',
        lambda s: s.per_file_ignores,
    ),
    Key(
        "severity",
        "table of strings",
        "The severity of a rule's findings instead of its own: `error`, `warning` or `info`.",
        '[severity]\nrequest-in-loop = "error"',
        lambda s: s.severity,
    ),
    Key(
        "fail-on",
        "string",
        f"The least severity that makes a run exit with 1: {', '.join(f'`{level}`' for level in FAIL_ON)}.",
        'fail-on = "warning"',
        lambda s: s.fail_on,
    ),
    Key(
        "min-confidence",
        "string",
        "Findings that are less sure are hidden and counted: `high`, `medium` or `low`.",
        'min-confidence = "high"',
        lambda s: s.min_confidence,
    ),
    Key(
        "pedantic",
        "boolean",
        'Hide nothing for want of confidence, as `min-confidence = "low"` does.',
        "pedantic = true",
        lambda s: s.pedantic,
    ),
    Key(
        "min-saving",
        "USD a month",
        "Findings whose expected saving is smaller, or not known, are hidden and counted.",
        "min-saving = 5",
        lambda s: s.min_saving,
    ),
    Key(
        "max-waste",
        "USD a month",
        "A run fails only when its findings together waste more than this; findings without a monthly "
        "figure do not count.",
        "max-waste = 100",
        lambda s: s.max_waste,
    ),
    Key(
        "baseline",
        "path",
        "The file of accepted findings, relative to the configuration file; without it "
        "`.llm-lint-baseline.json` at the project's root counts if it is there.",
        'baseline = "ci/llm-lint-baseline.json"',
        lambda s: s.baseline,
    ),
    Key(
        "exclude",
        "list of patterns",
        "What is left out; a pattern matches a path or any part of it. Replaces the default list.",
        'exclude = [".venv", "build"]',
        lambda s: s.exclude,
    ),
    Key(
        "extend-exclude",
        "list of patterns",
        "What is left out beside `exclude`.",
        'extend-exclude = ["notebooks/archive"]',
        lambda s: s.extend_exclude,
    ),
    Key(
        "force-exclude",
        "boolean",
        "Leave files out even where they are named on the command line, as pre-commit does.",
        "force-exclude = true",
        lambda s: s.force_exclude,
    ),
    Key(
        "respect-gitignore",
        "boolean",
        "Leave out what git ignores.",
        "respect-gitignore = false",
        lambda s: s.respect_gitignore,
    ),
    Key(
        "output-format",
        "string",
        f"How `check` reports: {', '.join(f'`{name}`' for name in OUTPUT_FORMATS)}.",
        'output-format = "concise"',
        lambda s: s.output_format,
    ),
    Key(
        "usage",
        "table",
        f"How often requests are sent. `profile` ({', '.join(f'`{name}`' for name in PROFILES)}: 1,000, "
        "10,000, 100,000 requests a month) is assumed where nothing else is known; other keys name a "
        'function, a path or an entry point, and give requests a month or `"N/day"`, `"N/hour"`, '
        '`"N/week"`.',
        "[usage]\n"
        'profile = "small"\n'
        '"app.llm:ask" = "2000/day"\n'
        '"src/jobs/**" = 50000\n'
        '"entry:web" = "10000/day"',
        _usage,
    ),
    Key(
        "models",
        "table",
        "`aliases` for names that are set at deployment, own `prices` in USD per million tokens, and a "
        "`discount` on all list prices (0 to 1).",
        "[models]\n"
        "discount = 0.1\n"
        'aliases = { "prod-chat" = "gpt-4o" }\n'
        "\n"
        '[models.prices."my-model"]\n'
        "input = 0.5\n"
        "output = 1.5",
        _models,
    ),
    Key(
        "calls",
        "array of tables",
        "Calls of in-house gateways that are requests, by their dotted `name`: a function, or a method "
        "(`acme.llm.Gateway.ask`), of another package or of the project itself. `provider` says who is "
        "billed, `kind` what is asked for (default `chat`), `model` the model when the call names none, "
        "`billed = false` that it is free, `async = true` that it is a coroutine, and `args` where a role "
        "(`messages`, `prompt`, `input`, `model`, `max_tokens`, `temperature`, …) is given: the name of a "
        "keyword, or the number of a position.",
        '[[calls]]\nname = "acme.llm.ask"\nprovider = "openai"\nmodel = "gpt-4o"\n'
        'args = { prompt = 0, max_tokens = "limit" }',
        lambda s: [dict(row) for row in s.calls],
    ),
    Key(
        "runtime",
        "dotted name",
        "The module from which fixes import `track` and `cached`.",
        'runtime = "llm_lint.runtime"',
        lambda s: s.runtime,
    ),
    Key(
        "cache",
        "table",
        "`ttl`: how long a cache that a fix inserts keeps an answer, in seconds or as `90s`, `15m`, "
        "`1h`, `7d`.",
        '[cache]\nttl = "1h"',
        lambda s: {"ttl": s.cache_ttl} if s.cache_ttl else {},
    ),
    Key(
        "fix",
        "table",
        "The project's own `track` and `cached` for fixes to insert.",
        '[fix]\ntrack = "app.observability:track"',
        lambda s: {name: ":".join(parts) for name, parts in s.names.items()},
    ),
    Key(
        "diff",
        "table",
        "Limits of `llm-lint diff`: how much dearer a month a change may make the bill "
        "(`max-increase-usd`, `max-increase-percent`), and whether a request may come in whose model has "
        "no known price (`block-unknown-models`).",
        "[diff]\nmax-increase-usd = 50\nmax-increase-percent = 10\nblock-unknown-models = true",
        _budget,
    ),
)


def in_toml(settings: Settings) -> Iterator[str]:
    """Every key that has a value, as one line of TOML."""
    for key in KEYS:
        value = key.value(settings)
        if value is not None:
            yield f"{key.name} = {toml(value)}"


def toml(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (str, Path)):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_bare(name)} = {toml(item)}" for name, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml, value))}]"
    raise TypeError(f"{type(value).__name__} has no form in TOML")


def _bare(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else json.dumps(name)
