"""Settings: what ``[tool.llm-lint]`` says, checked, with the defaults.

Read from the nearest ``.llm-lint.toml``, ``llm-lint.toml`` or ``pyproject.toml`` with the table, going up
from the given folder; files are never merged. Unknown keys are errors.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.model import Confidence, Severity
from llm_lint.project.discovery import DEFAULT_EXCLUDES
from llm_lint.project.volumes import read_table

FILE_NAMES = (".llm-lint.toml", "llm-lint.toml", "pyproject.toml")
OUTPUT_FORMATS = (
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "html",
)
FAIL_ON = ("any", "info", "warning", "error", "never")


@dataclass(frozen=True, slots=True)
class Budget:
    """What ``diff`` lets a change do to the month's bill: USD and percent more, models without a price."""

    max_usd: Decimal | None = None
    max_percent: Decimal | None = None
    block_unknown_models: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured; the defaults are what an absent key means."""

    select: tuple[str, ...] = ("ALL",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = DEFAULT_EXCLUDES
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    min_confidence: str = "medium"
    pedantic: bool = False
    min_saving: Decimal | None = None
    max_waste: Decimal | None = None
    baseline: Path | None = None
    fail_on: str = "any"
    output_format: str = "full"
    severity: Mapping[str, str] = field(default_factory=dict)
    profile: str = "medium"
    volumes: tuple[tuple[str, Decimal], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    discount: Decimal | None = None
    budget: Budget = Budget()
    calls: tuple[Mapping[str, Any], ...] = ()
    runtime: str | None = None
    cache_ttl: int | None = None
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    source: Path | None = None

    def inserted(self, name: str) -> tuple[str, str] | None:
        """Module and name of the ``track`` or ``cached`` that fixes insert; None where none is set up.

        The project's own names (table ``fix``) win over the ``runtime`` module.
        """
        return self.names.get(name) or ((self.runtime, name) if self.runtime else None)


_LISTS = {
    "select": "select",
    "extend-select": "extend_select",
    "ignore": "ignore",
    "exclude": "exclude",
    "extend-exclude": "extend_exclude",
    "fixable": "fixable",
    "unfixable": "unfixable",
    "extend-safe-fixes": "extend_safe_fixes",
    "extend-unsafe-fixes": "extend_unsafe_fixes",
}
_FLAGS = {
    "force-exclude": "force_exclude",
    "respect-gitignore": "respect_gitignore",
    "pedantic": "pedantic",
    "unsafe-fixes": "unsafe_fixes",
}
_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "min-confidence": ("min_confidence", tuple(level.value for level in Confidence)),
    "fail-on": ("fail_on", FAIL_ON),
    "output-format": ("output_format", OUTPUT_FORMATS),
}
_TABLES = (
    "per-file-ignores",
    "severity",
    "usage",
    "models",
    "calls",
    "min-saving",
    "max-waste",
    "baseline",
    "runtime",
    "cache",
    "fix",
    "diff",
)
KEYS = (*_LISTS, *_FLAGS, *_CHOICES, *_TABLES)


def load_settings(start: Path, config: str | None = None, isolated: bool = False) -> Settings:
    """The settings that hold for ``start``.

    ``config`` is a file to read instead, or one inline ``key = value``; ``isolated`` ignores all files.
    Raises LlmLintError for unreadable files, unknown keys and wrong values.
    """
    inline = config is not None and "=" in config
    if isolated:
        settings = Settings()
    elif config is not None and not inline:
        settings = read_settings(Path(config))
    else:
        found = find_file(start)
        settings = read_settings(found) if found is not None else Settings()
    if inline and config is not None:
        settings = apply(settings, parse_toml(config, "--config"), "--config")
    return settings


def find_file(start: Path) -> Path | None:
    """The configuration file nearest to a folder, going up."""
    folder = start.resolve()
    folder = folder if folder.is_dir() else folder.parent
    for candidate in (folder, *folder.parents):
        for name in FILE_NAMES:
            path = candidate / name
            if path.is_file() and (name != "pyproject.toml" or _has_table(path)):
                return path
    return None


def read_settings(path: Path) -> Settings:
    """The settings of one file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LlmLintError(f"cannot read the configuration {path}: {error}") from None
    table = parse_toml(text, str(path))
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("llm-lint", {})
    settings = replace(apply(Settings(), table, str(path)), source=path)
    if settings.baseline is None:
        return settings
    return replace(settings, baseline=path.parent / settings.baseline)


def _has_table(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return "tool.llm-lint" in text and "llm-lint" in parse_toml(text, str(path)).get("tool", {})


def parse_toml(text: str, origin: str) -> dict[str, Any]:
    """A TOML text as a table; raises LlmLintError."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LlmLintError(f"{origin} is not valid TOML: {error}") from None


def apply(settings: Settings, table: Mapping[str, Any], origin: str) -> Settings:
    """``settings`` with the keys of a table; raises LlmLintError naming the key that is wrong."""
    changes: dict[str, Any] = {}
    for key, value in table.items():
        changes |= _change(key, value, origin)
    for name in ("aliases", "prices"):  # one entry given inline leaves the others of the file alone
        if name in changes:
            changes[name] = {**getattr(settings, name), **changes[name]}
    return replace(settings, **changes)


def _change(key: str, value: Any, origin: str) -> dict[str, Any]:
    if key in _LISTS:
        return {_LISTS[key]: _strings(value, key, origin)}
    if key in _FLAGS:
        return {_FLAGS[key]: _typed(value, bool, "true or false", key, origin)}
    if key in _CHOICES:
        name, allowed = _CHOICES[key]
        return {name: _choice(value, allowed, key, origin)}
    match key:
        case "per-file-ignores":
            entries = _typed(value, dict, "a table", key, origin)
            return {
                "per_file_ignores": {glob: _strings(rules, key, origin) for glob, rules in entries.items()}
            }
        case "severity":
            levels = tuple(level.value for level in Severity)
            entries = _typed(value, dict, "a table", key, origin)
            return {
                "severity": {rule: _choice(level, levels, key, origin) for rule, level in entries.items()}
            }
        case "min-saving" | "max-waste":
            return {key.replace("-", "_"): _decimal(value, key, origin)}
        case "baseline":
            return {"baseline": Path(_typed(value, str, "a path", key, origin))}
        case "usage":
            return _usage(_typed(value, dict, "a table", key, origin), origin)
        case "models":
            return _models(_typed(value, dict, "a table", key, origin), origin)
        case "diff":
            return {"budget": _budget(_typed(value, dict, "a table", key, origin), origin)}
        case "calls":
            return {"calls": tuple(_typed(value, list, "an array of tables", key, origin))}
        case "runtime":
            return {"runtime": _module(value, key, origin)}
        case "cache":
            return _cache(_typed(value, dict, "a table", key, origin), origin)
        case "fix":
            entries = _typed(value, dict, "a table", key, origin)
            return {"names": {name: _insertable(name, path, origin) for name, path in entries.items()}}
    raise _unknown(key, KEYS, origin)


def _usage(table: Mapping[str, Any], origin: str) -> dict[str, Any]:
    profile, volumes = read_table(table, origin)
    return {"volumes": volumes} if profile is None else {"volumes": volumes, "profile": profile}


_MODEL_KEYS = ("aliases", "prices", "discount")


def _models(table: Mapping[str, Any], origin: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key == "aliases":
            entries = _typed(value, dict, "a table", "models.aliases", origin)
            changes["aliases"] = {
                name: _typed(model, str, "the name of a model", f"models.aliases.{name}", origin)
                for name, model in entries.items()
            }
        elif key == "prices":
            entries = _typed(value, dict, "a table", "models.prices", origin)
            changes["prices"] = {model: _price(price, model, origin) for model, price in entries.items()}
        elif key == "discount":
            changes["discount"] = _share(value, "models.discount", origin)
        else:
            raise _unknown(f"models.{key}", tuple(f"models.{known}" for known in _MODEL_KEYS), origin)
    return changes


def _price(value: Any, model: str, origin: str) -> dict[str, Decimal]:
    from llm_lint.pricing.prices import OWN_PRICES

    key = f"models.prices.{model}"
    entries = _typed(value, dict, "a table", key, origin)
    for name in entries:
        if name not in OWN_PRICES:
            raise _unknown(f"{key}.{name}", tuple(f"{key}.{known}" for known in OWN_PRICES), origin)
    if "batch-discount" in entries and entries.keys() & {"batch-input", "batch-output"}:
        raise LlmLintError(
            f"{origin}: `{key}` has both a batch discount and batch prices", "keep one of them"
        )
    return {
        name: (_share if name == "batch-discount" else _decimal)(amount, f"{key}.{name}", origin)
        for name, amount in entries.items()
    }


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_INSERTABLE = ("track", "cached")


def _cache(table: Mapping[str, Any], origin: str) -> dict[str, Any]:
    for key in table:
        if key != "ttl":
            raise _unknown(f"cache.{key}", ("cache.ttl",), origin)
    return {"cache_ttl": seconds(table["ttl"], "cache.ttl", origin)} if "ttl" in table else {}


def seconds(value: Any, key: str, origin: str) -> int:
    """``3600``, or ``"90s"``, ``"15m"``, ``"1h"``, ``"7d"``; raises LlmLintError for anything else."""
    number, factor = value, 1
    if isinstance(value, str) and value[-1:] in _SECONDS and value[:-1].isdecimal():
        number, factor = int(value[:-1]), _SECONDS[value[-1]]
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise LlmLintError(f"{origin}: `{key}` must be a number of seconds, or a text such as `1h` or `7d`")
    return number * factor


def _module(value: Any, key: str, origin: str) -> str:
    if not isinstance(value, str) or not all(part.isidentifier() for part in value.split(".")):
        raise LlmLintError(f"{origin}: `{key}` must be the dotted name of a module")
    return value


def _insertable(name: str, path: Any, origin: str) -> tuple[str, str]:
    """``"app.obs:track"`` or ``"app.obs.track"`` as module and name."""
    if name not in _INSERTABLE:
        raise _unknown(f"fix.{name}", tuple(f"fix.{known}" for known in _INSERTABLE), origin)
    module, _, function = (path if isinstance(path, str) else "").replace(":", ".").rpartition(".")
    if not module or not function.isidentifier():
        raise LlmLintError(f"{origin}: `fix.{name}` must name a function, as in `app.llm:{name}`")
    return _module(module, f"fix.{name}", origin), function


_BUDGET_KEYS = ("max-increase-usd", "max-increase-percent", "block-unknown-models")


def _budget(table: Mapping[str, Any], origin: str) -> Budget:
    for key in table:
        if key not in _BUDGET_KEYS:
            raise _unknown(f"diff.{key}", tuple(f"diff.{known}" for known in _BUDGET_KEYS), origin)
    usd, percent = (
        _decimal(table[key], f"diff.{key}", origin) if key in table else None for key in _BUDGET_KEYS[:2]
    )
    block = table.get("block-unknown-models", False)
    return Budget(usd, percent, _typed(block, bool, "true or false", "diff.block-unknown-models", origin))


def _typed(value: Any, wanted: type, words: str, key: str, origin: str) -> Any:
    if not isinstance(value, wanted):
        raise LlmLintError(f"{origin}: `{key}` must be {words}")
    return value


def _strings(value: Any, key: str, origin: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise LlmLintError(f"{origin}: `{key}` must be a list of strings")
    return tuple(value)


def _choice(value: Any, allowed: tuple[str, ...], key: str, origin: str) -> str:
    if value not in allowed:
        raise LlmLintError(f"{origin}: `{key}` must be one of {', '.join(allowed)}")
    return str(value)


def _decimal(value: Any, key: str, origin: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise LlmLintError(f"{origin}: `{key}` must be a number") from None
    if not number.is_finite() or number < 0 or isinstance(value, bool):
        raise LlmLintError(f"{origin}: `{key}` must be a number that is not negative")
    return number


def _share(value: Any, key: str, origin: str) -> Decimal:
    share = _decimal(value, key, origin)
    if share > 1:
        raise LlmLintError(f"{origin}: `{key}` is a share from 0 to 1", "0.15 takes 15 % off")
    return share


def _unknown(key: str, known: tuple[str, ...], origin: str) -> LlmLintError:
    close = difflib.get_close_matches(key, known, 1)
    return LlmLintError(f"{origin}: unknown key `{key}`", f"did you mean `{close[0]}`?" if close else None)
