"""The fast start: says again what an equal run said, or that files without LLM code have no findings.

Runs before ``click`` and everything else that is slow to import. It knows the options whose effect hangs
on the command line, the environment and the files alone; any other option, anything unreadable and any
doubt leads to an ordinary run.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TextIO

    from llm_lint.project.cache import Recorder, State

_VALUED = frozenset(
    """--select --extend-select --ignore --per-file-ignores --min-confidence --min-saving --exclude
    --extend-exclude --output-format --color --fail-on --config --cache-dir""".split()
)
_FLAGS = frozenset(
    """--ignore-suppressions --pedantic --force-exclude --respect-gitignore --no-respect-gitignore
    --statistics -q --quiet --exit-zero --isolated --no-cache""".split()
)
# With these alone a run without findings writes one line.
_PLAIN = frozenset("--force-exclude --output-format -q --quiet --exit-zero --isolated --cache-dir".split())
_ENVIRONMENT = frozenset(
    """NO_COLOR FORCE_COLOR CLICOLOR_FORCE COLUMNS TERM GITHUB_WORKSPACE GITHUB_ACTIONS GITHUB_STEP_SUMMARY
    CI CI_PROJECT_DIR HOME XDG_CONFIG_HOME XDG_CACHE_HOME LOCALAPPDATA SOURCE_DATE_EPOCH""".split()
)
_ROOT_MARKS = (".git", "pyproject.toml", "llm-lint.toml", ".llm-lint.toml", "setup.cfg", "setup.py")


class Plan:
    """One run that may be answered from the cache, or recorded into it."""

    def __init__(self, command: str, paths: list[str], options: list[tuple[str, str]], root: str) -> None:
        from llm_lint.project import cache

        given = dict(options)
        folder = given.get("--cache-dir") or os.environ.get("LLM_LINT_CACHE_DIR")
        self.command = command
        self.paths = paths
        self.options = options
        self.root = root
        self.started_ns = time.time_ns()
        self.today = time.strftime("%Y-%m-%d")
        self.maker = cache.maker()
        self.store = cache.Store(folder or os.path.join(root, cache.FOLDER))
        kept = [f"{name}={value}" for name, value in options if name != "--cache-dir"]
        variables = [
            f"{name}={value}"
            for name, value in sorted(os.environ.items())
            if name in _ENVIRONMENT or name.startswith("LLM_LINT_")
        ]
        # What findings are about hangs on these; what a run writes, also on the paths and the streams.
        self.key = cache.digest(
            "\0".join([command, root, os.getcwd(), *kept, "", *variables]).encode("utf-8", "replace")
        )
        self.state_name = f"state-{self.key}.json"

    def result_name(self, state_id: str) -> str:
        """The file of a run's result, for a state."""
        from llm_lint.project import cache

        streams = [_describe(stream) for stream in (sys.stdout, sys.stderr)]
        return (
            cache.digest(
                "\0".join([self.key, state_id, self.today, *streams, *self.paths]).encode("utf-8", "replace")
            )
            + ".json"
        )

    def replay(self) -> int | None:
        """Write what this run would write and return its exit code; None when it must run."""
        from llm_lint.project import cache

        state = cache.state_of(self.store, self.state_name)
        try:
            if state is None or not state.is_of(self.root, self.maker) or not state.surroundings_hold():
                return None
            changed = state.changed()
            if not changed:
                if state.settle(self.started_ns):
                    self.store.save(state.data, self.state_name)
                result = self.store.load("results", self.result_name(state.data["id"]))
                if result is not None:
                    return _repeat(result)
            if self._concerns_no_request(state, changed):
                return _repeat({"code": 0, "written": [[1, self._nothing_found(state)]]})
        except (KeyError, TypeError, ValueError, OSError, AttributeError):  # a damaged cache is none
            return None
        return None

    # ------------------------------------------------------------------ files without LLM code

    def _concerns_no_request(self, state: State, changed: list[str]) -> bool:
        """Whether the files named, and those that changed, have no part in any request."""
        data = state.data
        if self.command != "check" or not self.paths or not {name for name, _ in self.options} <= _PLAIN:
            return False
        if data["day"] != self.today or not data["plain"] or _wants_color():
            return False
        if data["output_format"] not in ("full", "concise"):
            return False
        names = self._names(state)
        analysed = frozenset(data["analysed"])
        if names is None or not analysed.isdisjoint([*names, *changed]):
            return False
        if any(state.files[name][2] for name in names if name not in changed):
            return False
        return not changed or self._are_harmless(changed, state, analysed)

    def _names(self, state: State) -> list[str] | None:
        names = []
        for path in self.paths:
            name = os.path.relpath(os.path.realpath(path), self.root).replace(os.sep, "/")
            if name not in state.files:
                return None
            names.append(name)
        return names

    def _are_harmless(self, changed: Iterable[str], state: State, analysed: frozenset[str]) -> bool:
        from llm_lint.project.scan import Scanner, module_name

        scanner = Scanner(state.data["scanned_for"]["names"], state.data["scanned_for"]["hosts"])
        modules = {module_name(name) for name in analysed}
        for name in changed:
            if not name.endswith(".py"):
                return False
            try:
                with open(os.path.join(self.root, name), "rb") as file:
                    data = file.read()
                compile(data, name, "exec", dont_inherit=True)
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                return False
            scanned = scanner.scan(data)
            if scanned.is_seed or scanned.may_hold_keys or scanned.has_ignores:
                return False
            if not modules.isdisjoint(scanned.imported):
                return False
        return True

    def _nothing_found(self, state: State) -> str:
        if any(name in ("-q", "--quiet") for name, _ in self.options):
            return ""
        number = len(set(self._names(state) or ()))
        return f"No findings in {number:,} file{'' if number == 1 else 's'}.\n"

    # ------------------------------------------------------------------ recording

    def record(self, run: Callable[[Recorder], int]) -> int:
        """Run, and keep what was written."""
        from llm_lint.cli import output
        from llm_lint.project import cache, surroundings

        before = cache.state_of(self.store, self.state_name)
        recorder = cache.Recorder(self.store, self.state_name, self.maker, self.started_ns, before)
        written: list[tuple[int, str]] = []
        with output.copied_to(written), surroundings.opened_into(recorder.opened):
            code = run(recorder)
        plain = all(number == 1 for number, _ in written)
        state_id = recorder.save(self.today, plain) if code in (0, 1) else None
        if state_id is not None:
            self.store.save({"code": code, "written": written}, "results", self.result_name(state_id))
            self.store.prune("results")
        return code


def plan(arguments: list[str]) -> Plan | None:
    """How to use the cache for these arguments; None for runs that it must not touch."""
    if not arguments or arguments[0] not in ("check", "inventory"):
        return None
    if os.environ.get("LLM_LINT_NO_CACHE", "0") not in ("", "0") or sys.stdout is None or sys.stderr is None:
        return None
    taken = _taken_apart(arguments[1:])
    if taken is None:
        return None
    paths, options = taken
    names = {name for name, _ in options}
    if "--no-cache" in names or os.environ.get("GITHUB_STEP_SUMMARY"):
        return None
    root = _root(paths)
    return Plan(arguments[0], paths, options, root) if root is not None else None


def _taken_apart(arguments: list[str]) -> tuple[list[str], list[tuple[str, str]]] | None:
    """Paths and options; None when an option is none of ours."""
    paths: list[str] = []
    options: list[tuple[str, str]] = []
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not argument.startswith("-"):
            paths.append(argument)
        elif name in _VALUED:
            given = value if equals else next(rest, None)
            if given is None:
                return None
            options.append((name, given))
        elif argument in _FLAGS:
            options.append((argument, ""))
        else:
            return None
    return paths, options


def _root(paths: list[str]) -> str | None:
    """The project's root as an ordinary run finds it."""
    folders = []
    for path in paths or [os.curdir]:
        real = os.path.realpath(path)
        if not os.path.exists(real):
            return None
        folders.append(real if os.path.isdir(real) else os.path.dirname(real))
    try:
        common = folder = os.path.commonpath(folders)
    except ValueError:
        return None
    while True:
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _ROOT_MARKS):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return common
        folder = above


def _describe(stream: TextIO) -> str:
    if not stream.isatty():
        return f"{stream.encoding}"
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        columns = 0
    return f"{stream.encoding} {columns}"


def _wants_color() -> bool:
    return sys.stdout.isatty() or any(name in os.environ for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))


def _repeat(result: dict[str, object]) -> int:
    """Write what was written."""
    written, code = result["written"], result["code"]
    if not isinstance(written, list) or not isinstance(code, int):
        raise ValueError("not a result")
    texts = [(sys.stdout if int(number) == 1 else sys.stderr, str(text)) for number, text in written]
    for stream, text in texts:
        try:
            stream.flush()
            stream.buffer.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))
            stream.buffer.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code
