"""Code newer than the running interpreter, rewritten in place so that its parser takes it.

LibCST reads grammar newer than CPython's; every rewrite keeps the length of each line, so positions
stay true. Generics lose their type parameters, template strings become f-strings, nested quotes are
swapped, unparenthesised ``except A, B`` keeps its first type, and ``except*``, starred annotations and
starred indexes lose their stars.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

Change = tuple[int, int, str]  # start offset, end offset, replacement of the same length


def rewrite(text: str) -> str | None:
    """The text with newer constructs replaced, None when LibCST cannot read it either.

    Callers must have ruled out input that nests too deeply for LibCST.
    """
    if _is_risky(text):
        return None
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
    except (cst.ParserSyntaxError, RecursionError, KeyError, SyntaxError):
        return None
    offsets = _line_offsets(text)
    changes: list[Change] = []
    for node, place in positions.items():
        start = offsets[place.start.line - 1] + place.start.column
        end = offsets[place.end.line - 1] + place.end.column
        changes += _changes(node, text, start, end)
    return _apply(text, changes)


def _is_risky(text: str) -> bool:
    """Deep brackets and very long chains or sums, on which LibCST may exhaust the C stack."""
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    longest = max((line.count(").") + line.count("+") for line in text.split("\n")), default=0)
    return deepest > 150 or longest > 800


def _line_offsets(text: str) -> list[int]:
    from llm_lint.syntax.parsing import split_lines

    offsets = [0]
    for line in split_lines(text):
        offsets.append(offsets[-1] + len(line))
    return offsets


def _changes(node: cst.CSTNode, text: str, start: int, end: int) -> Iterator[Change]:
    import libcst as cst

    match node:
        case cst.TypeParameters():
            yield start, end, _blank(text[start:end])
        case cst.TypeAlias():
            yield start + 4, start + 5, ";"  # `type X = …` → `type;X = …`
        case cst.TemplatedString():
            yield start, end, _without_inner_quotes(text[start:end].replace("t", "f", 1).replace("T", "F", 1))
        case cst.FormattedString():
            yield start, end, _without_inner_quotes(text[start:end])
        case cst.ExceptStarHandler():
            yield _without_star(text, start)
            if isinstance(node.type, cst.Tuple) and not node.type.lpar:
                yield from _first_type_only(text, start, end)
        case cst.ExceptHandler(type=cst.Tuple(lpar=[])):
            yield from _first_type_only(text, start, end)
        case cst.Annotation(annotation=cst.StarredElement()) | cst.Index(star=str()):
            yield _without_star(text, start)


def _first_type_only(text: str, start: int, end: int) -> Iterator[Change]:
    """``except A, B:`` → ``except A   :``."""
    header = text[start:end]
    comma, colon = header.find(","), header.find(":")
    if 0 < comma < colon:
        yield start + comma, start + colon, _blank(header[comma:colon])


def _without_star(text: str, start: int) -> Change:
    """``except* A`` → ``except  A``, ``*args: *Ts`` → ``*args:  Ts``, ``a[*b]`` → ``a[ b]``."""
    star = text.index("*", start)
    return star, star + 1, " "


def _blank(text: str) -> str:
    return "".join(character if character in "\r\n" else " " for character in text)


def _without_inner_quotes(text: str) -> str:
    """Replace what older parsers refuse inside ``{…}``: the string's own quote, backslashes, comments."""
    prefix = len(text) - len(text.lstrip("fFrRtTbBuU"))
    quote = text[prefix : prefix + (3 if text[prefix : prefix + 3] in ("'''", '"""') else 1)]
    other = '"' if quote[0] == "'" else "'"
    result: list[str] = []
    depth = 0
    body = text[prefix + len(quote) : len(text) - len(quote)]
    for number, character in enumerate(body):
        doubled = body[number : number + 2] in ("{{", "}}") or (
            number and body[number - 1 : number + 1] in ("{{", "}}")
        )
        if character == "{" and not (depth == 0 and doubled):
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif depth and character == quote[0]:
            character = other
        elif depth and character == "\\":
            character = " "
        elif depth and character in "\r\n" and len(quote) == 1:
            return f"({_blank(text[1:-1])})"  # rows within single quotes: an empty tuple in its place
        result.append(character)
    return text[:prefix] + quote + "".join(result) + quote


def _apply(text: str, changes: list[Change]) -> str:
    """Apply the outermost changes; a change inside another is already part of it."""
    result: list[str] = []
    done = 0
    for start, end, replacement in sorted(changes, key=lambda change: (change[0], -change[1])):
        if start < done:
            continue
        result += [text[done:start], replacement]
        done = end
    return "".join([*result, text[done:]])
