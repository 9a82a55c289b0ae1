"""Changes to files that are planned first, then shown, then written at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import LlmLintError
from llm_lint.project.files import replace_file


@dataclass(frozen=True)
class Step:
    """One file as it was read (None: it was not there) and as it shall be; ``what`` says why, in words."""

    path: Path
    before: bytes | None
    after: bytes
    what: str

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after


def read(path: Path) -> bytes | None:
    """The bytes of a file; None when there is none. Raises LlmLintError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LlmLintError(f"cannot read {path}: {error.strerror}") from None


def text_of(data: bytes | None, path: Path) -> str:
    """A configuration file's text with its own line ends; raises LlmLintError unless it is UTF-8."""
    try:
        return (data or b"").decode("utf-8")
    except UnicodeDecodeError:
        raise LlmLintError(f"{path} is not UTF-8") from None


def newline_of(text: str) -> str:
    """The line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def write(steps: list[Step]) -> None:
    """Write what changes, each file at once; raises LlmLintError when a file changed since it was read."""
    wanted = [step for step in steps if step.changes]
    for step in wanted:
        if read(step.path) != step.before:
            raise LlmLintError(f"{step.path} was changed meanwhile; nothing was written", "run it again")
    for step in wanted:
        try:
            step.path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(step.path, step.after)
        except OSError as error:
            raise LlmLintError(f"cannot write {step.path}: {error.strerror}") from None


def with_lines(path: Path, lines: tuple[str, ...], heading: str, what: str) -> Step:
    """Add those lines that a file does not have yet, under a comment; nothing else of it changes."""
    before = read(path)
    text = text_of(before, path)
    newline = newline_of(text)
    present = {line.strip().lstrip("# ").split("=")[0] for line in text.splitlines()}
    missing = [line for line in lines if line.strip().lstrip("# ").split("=")[0] not in present]
    if not missing:
        return Step(path, before, text.encode(), what)
    gap = "" if not text else newline if text.endswith(("\n", "\r")) else newline * 2
    added = newline.join((f"# {heading}", *missing)) + newline
    return Step(path, before, (text + gap + added).encode(), what)
