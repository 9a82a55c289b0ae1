"""One file with some edits, proven: the bytes to write, or why they must not be written."""

from __future__ import annotations

from collections.abc import Sequence

from llm_lint.errors import SkipFile
from llm_lint.fixes.edits import Offsets, apply
from llm_lint.fixes.proof import objection
from llm_lint.model import Edit
from llm_lint.syntax.source import SourceFile, source_from_bytes


def rewritten(source: SourceFile, edits: Sequence[Edit]) -> SourceFile:
    """The file after edits that do not collide; raises SkipFile when the result cannot be proven."""
    offsets = Offsets(source)
    changes = [offsets.change(edit) for edit in edits]
    text = apply(source.text, changes)
    new = source_from_bytes(_encoded(source, text, edits), source.name, source.path)
    if new.text != text:
        raise SkipFile("the result reads differently from what was written")
    reason = objection(source, new, changes)
    if reason is not None:
        raise SkipFile(reason)
    return new


def _encoded(source: SourceFile, text: str, edits: Sequence[Edit]) -> bytes:
    if source.is_notebook:
        from llm_lint.fixes.notebooks import rewrite

        return rewrite(source.data, edits)
    if source.text.encode(source.encoding) != source.data:
        raise SkipFile(f"its encoding ({source.encoding}) cannot be written back exactly")
    try:
        return text.encode(source.encoding)
    except UnicodeEncodeError:
        raise SkipFile(f"the edit cannot be written in {source.encoding}") from None
