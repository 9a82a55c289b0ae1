"""Compile ``rules/providers/*.toml`` and the other tables into ``rules/surfaces.json``.

Parsing the tables at each start would cost more than the analysis of a small project; the compiled
form loads in a few milliseconds. Run ``python tools/build_surfaces.py`` after changing a table;
``--check`` exits 1 when the compiled form is stale.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RULES = Path(__file__).resolve().parent.parent / "rules"
TARGET = RULES / "surfaces.json"

_ARGUMENT = re.compile(
    r"^(?P<kwargs>~)?(?:(?P<position>\d+):)?(?P<name>[\w\[\]=|:.]+)(?: @(?P<versions>\S+))?$"
)
_CALL_FIELDS = (
    "kind",
    "billed",
    "stream",
    "list_input",
    "requests",
    "text",
    "returns",
    "default_model",
    "bills",
    "discount",
)
_CALL_FLAGS = ("structured", "context_manager", "self_cached", "hosted_only", "known_model")


def compile_tables(rules: Path) -> dict[str, Any]:
    """Everything the linter needs at run time, as one JSON-able object."""
    result: dict[str, Any] = {
        "providers": {},
        "receivers": {},
        "constructors": [],
        "calls": [],
        "functions": {},
        "decorators": {},
        "methods": {},
        "attributes": {},
        "pipe_heads": [],
    }
    for path in sorted((rules / "providers").glob("*.toml")):
        _provider(tomllib.loads(path.read_text(encoding="utf-8")), result)
    result["http"] = _hosts(tomllib.loads((rules / "hosts.toml").read_text(encoding="utf-8")))
    result["tracking"] = _tracking(tomllib.loads((rules / "tracking.toml").read_text(encoding="utf-8")))
    result["caching"] = _caching(tomllib.loads((rules / "caching.toml").read_text(encoding="utf-8")))
    result["keys"] = _keys(tomllib.loads((rules / "keys.toml").read_text(encoding="utf-8")))
    return result


def _provider(table: dict[str, Any], result: dict[str, Any]) -> None:
    provider = table["provider"]
    name = provider["id"]
    result["providers"][name] = {
        "bills": provider.get("bills", ""),
        "imports": provider.get("imports", []),
        "batch_discount": table.get("batch_api", {}).get("discount"),
        "cache_markers": [k for k in ("block_key",) if k in table.get("prompt_cache", {})],
        "globals": _globals(table.get("globals", {})),
    }
    result["pipe_heads"] += table.get("pipe", {}).get("heads", [])
    for receiver, facts in table.get("receiver", {}).items():
        _receiver(name, receiver, facts, result)
    for call in table.get("call", []):
        _call(name, call, result)
    for decorator in table.get("decorator", []):
        if decorator.get("billed"):
            number = _add_call({**decorator, "stream": "never"}, name, None, False, result)
            for dotted in decorator["names"]:
                result["decorators"][dotted] = number


def _globals(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """``pkg.Settings.llm`` is set by assignment, ``pkg.configure(lm=...)`` by a call."""
    result = []
    for sink in facts.get("sinks", []):
        called = re.fullmatch(r"([\w.]+)\((\w+)=\.\.\.\)", sink)
        name, key = called.groups() if called else sink.rpartition(".")[::2]
        if "." not in name or key not in ("llm", "lm", "embed_model"):
            continue
        role = "embed_model" if key == "embed_model" else "llm"
        entry = {"name": name, "key": key, "role": role, "is_call": called is not None}
        if role in facts.get("fallback", {}):
            entry["fallback"] = facts["fallback"][role]
        result.append(entry)
    return result


def _receiver(provider: str, receiver: str, facts: dict[str, Any], result: dict[str, Any]) -> None:
    key = f"{provider}.{receiver}"
    result["receivers"][key] = {
        "derive": facts.get("derive", []),
        "transparent": facts.get("transparent", []),
        "pipe": "|" in facts.get("operators", []),
        "modules": facts.get("modules", []),
        "same_as": facts.get("same_as"),
        "parts": sorted(facts.get("parts", {})),
        "collects": facts.get("collects", []),
    }
    for attribute, kind in facts.get("parts", {}).items():
        result["attributes"].setdefault(key, {})[attribute] = f"{provider}.{kind}"
    for constructor in facts.get("constructor", []):
        _constructor(provider, receiver, constructor, result)
    for origin in facts.get("made_by", []):
        _made_by(provider, receiver, origin, result)


def _constructor(provider: str, receiver: str, facts: dict[str, Any], result: dict[str, Any]) -> None:
    for field, is_async in (("names", False), ("async_names", True)):
        if facts.get(field):
            result["constructors"].append(
                {
                    "provider": provider,
                    "receiver": receiver,
                    "names": facts[field],
                    "async": is_async,
                    "bills": facts.get("bills", ""),
                    "args": _arguments(facts.get("args", {})),
                    "defaults": facts.get("defaults", {}),
                    "when": facts.get("when", {}),
                }
            )


def _made_by(provider: str, receiver: str, origin: str, result: dict[str, Any]) -> None:
    """``client.v2`` is an attribute, ``client.chats.create`` a call, ``pkg.Class.make`` a constructor."""
    if not re.fullmatch(r"[\w.]+", origin):
        return
    head, _, path = origin.partition(".")
    if f"{provider}.{head}" in result["receivers"] or head in (
        "client",
        "model",
        "index",
        "builder",
        "agent",
    ):
        result["attributes"].setdefault(f"{provider}.{head}", {})[path] = f"{provider}.{receiver}"
    elif not any(origin in constructor["names"] for constructor in result["constructors"]):
        _constructor(provider, receiver, {"names": [origin]}, result)


def _call(provider: str, facts: dict[str, Any], result: dict[str, Any]) -> None:
    if "names" in facts:
        for field, is_async in (("names", facts.get("async", False)), ("async_names", True)):
            if facts.get(field):
                number = _add_call(facts, provider, None, is_async, result)
                for dotted in facts[field]:
                    result["functions"][dotted] = number
        return
    key = f"{provider}.{facts['receiver']}"
    methods = result["methods"].setdefault(key, {})
    paths = [facts["path"], *facts.get("aliases", []), *facts.get("on_paths", [])]
    if provider == "instructor":
        last = [path.rsplit(".", 1)[-1] for path in paths]
        paths += [f"{prefix}.{name}" for prefix in ("chat.completions", "messages") for name in last]
    number = _add_call(facts, provider, facts["receiver"], facts.get("async", False), result)
    for path in dict.fromkeys(paths):
        if facts.get("stream") == "never" and "stream" in path.rsplit(".", 1)[-1]:
            streamed = {**facts, "stream": "always"}
            methods.setdefault(path, _add_call(streamed, provider, facts["receiver"], False, result))
        else:
            methods.setdefault(path, number)
    if facts.get("async_path"):
        methods.setdefault(facts["async_path"], _add_call(facts, provider, facts["receiver"], True, result))


def _add_call(
    facts: dict[str, Any], provider: str, receiver: str | None, is_async: bool, result: dict[str, Any]
) -> int:
    call = {name: facts[name] for name in _CALL_FIELDS if name in facts}
    call |= {name: True for name in _CALL_FLAGS if facts.get(name)}
    call |= {
        "provider": provider,
        "receiver": receiver,
        "path": facts.get("path", ""),
        "async": is_async,
        "args": _arguments(facts.get("args", {})),
        "defaults": facts.get("defaults", {}),
    }
    limit = re.match(r"\d+", str(facts.get("list_limit", "")))
    if limit:
        call["list_limit"] = int(limit.group())
    tokens = re.search(r"(\d+) tokens a request, (\d+) tokens an input", str(facts.get("list_limit", "")))
    if limit and tokens:
        call["list_safe"] = min(int(limit.group()), int(tokens[1]) // int(tokens[2]))
    result["calls"].append(call)
    return len(result["calls"]) - 1


def _arguments(arguments: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """role → ``[keyword, position, path…]`` alternatives."""
    return {
        role: [_argument(place) for place in (places if isinstance(places, list) else [places])]
        for role, places in arguments.items()
    }


def _argument(place: str) -> list[Any]:
    found = _ARGUMENT.match(place)
    if found is None:
        raise ValueError(f"not an argument: {place!r}")
    keyword, *path = found["name"].split(".")
    return [keyword, int(found["position"]) if found["position"] else None, *path]


def _hosts(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "functions": table["http"]["functions"],
        "key_headers": table["http"]["key_headers"],
        "hosts": [
            {
                "host": host["host"],
                "bills": host["bills"],
                "local": host["bills"] == "local",
                "logs_cost": "logs cost" in host.get("title", "") or host["bills"] == "openrouter",
            }
            for host in table["host"]
        ],
        "paths": {path["suffix"]: path["kind"] for path in table["path"]},
    }


def _tracking(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "attributes": table["reads"]["attributes"],
        "methods": table["reads"]["methods"],
        "headers": table["headers"]["names"],
        "trackable": table["trackable"]["constructors"],
        "trackable_sdks": table["trackable"]["sdks"],
        "trackers": [
            {key: tracker[key] for key in ("id", "effect", "scope", "names", "modules") if key in tracker}
            for tracker in table["tracker"]
        ],
    }


def _caching(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "caches": [
            {key: cache[key] for key in ("id", "how", "names", "on_by_default") if key in cache}
            for cache in table["cache"]
        ],
        "limiters": [
            {key: limiter[key] for key in ("id", "effect", "names") if key in limiter}
            for limiter in table["limiter"]
        ],
    }


def _keys(table: dict[str, Any]) -> dict[str, Any]:
    fields = ("id", "provider", "title", "regex", "confidence", "context", "min_entropy", "env")
    return {
        "placeholders": table["placeholders"],
        "formats": [{name: key[name] for name in fields if name in key} for key in table["key"]],
    }


def render() -> str:
    """The compiled form as text."""
    return json.dumps(compile_tables(RULES), separators=(",", ":"), sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    text = render()
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
