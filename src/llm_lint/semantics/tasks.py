"""How hard the task of a request looks: simple, medium, complex or unknown, with the signals.

Simple needs two independent signals and no veto; three make it certain. The lists follow the model
selection matrix: classification, extraction, formatting, routing and titles are simple.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from llm_lint.model import Absent, Known
from llm_lint.semantics.values import ClassValue, Const, External, Items, Mapping_, Values

if TYPE_CHECKING:
    from llm_lint.semantics.arguments import Arguments
    from llm_lint.semantics.index import CallSite, Scope
    from llm_lint.semantics.prompts import Gathered

Task = Literal["simple", "medium", "complex", "unknown"]

SMALL_CAP = 64  # tokens: room for a label, a number or a short JSON
SHORT_PROMPT = 1200  # characters, about 300 tokens
LONG_PROMPT = 8000
TOLD = 4  # words of instruction that say what is wanted, so that the task is at least known
SHORT = "the instruction is short, without history"  # says little by itself: it only confirms others


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_SIMPLE = _any(
    r"\by(es)?\b[\"'`,/ ]+(or |and )?[\"'`]?no?\b",
    r"\b(true or false|one of(?: the following)?|one word|single word|one letter|or other\?)",
    r"\b(classif(y|ies|ication)|categori[sz]e|sentiment|spam|moderat(e|ion)|toxic|priority|urgen(t|cy))",
    r"\blabel (the|this|each|it|these|them|every|support|\w+ (as|with))",
    r"\b(the|a|one|single|correct) label\b|you label\b",
    r"\bonly the (label|category|number|name|word)",
    r"\b(detect the language|what language|language code|is this)",
    r"\broute (the|this|each|it)\b",
    r"\b(user|customer|caller|detect|identify|classify)('s|s'?)?( the)? intent\b",
    r"\bextract (the|all|any|every|only|at most|up to|a|structured|key|following)\b",
    r"\b(rate (the|this|from|on)|on a scale|score (the|from|between))",
    r"\b(give|write|suggest|generate|return) a? ?(short )?title",
)
_MEDIUM = _any(
    r"\b(summar|sum up|shorten|condense|describe|compare|translat|explain)",
    r"\b(rewrite|paraphras|proofread|rephrase|correct the|key points|bullet points)",
    r"\b(answer the (user'?s? )?question|based on the (following )?context)",
    r"\banswer (from|using|with|based on|only from|in terms of) (the|this|these|what)",
)
_COMPLEX = _any(
    r"step[- ]by[- ]step|chain of thought|think (carefully|through)|reason (about|through|step)",
    r"\bplan(ning)?\b.{0,40}\b(steps|tasks|actions|project)",
    r"write (a |an |the )?(\w+ )?(code|function|program|script|sql|query|unit test|test suite)",
    r"write (a |an |the )?(\w+ )?(essay|story|poem|article|blog|report|novel)",
    r"\b(implement|refactor|debug)\b|python code|generate (the )?(\w+ )?(code|sql|tests?)\b",
    r"haiku|limerick|lyrics|invent\b|creative|brainstorm|in[- ]depth|comprehensive|critique",
    r"\b(ghost|short|bedtime|children'?s|opening of an?( \w+)?) story",
    r"\b(a|new|fresh) (pun|joke|poem|riddle)\b",
    r"architect|prove\b|software engineer|expert programmer|code review",
)
_SIMPLE_NAMES = re.compile(
    r"(classif|categor|sentiment|label|detect|is_[a-z]+|extract|route|router|intent|tagg?(er|ing|s)?$|title|"
    r"moderat|score|rating|triage|spam|language)",
    re.I,
)
_MEDIUM_NAMES = re.compile(r"(summar|translat|rewrite|paraphras|explain|answer_question|digest)", re.I)
_COMPLEX_NAMES = re.compile(
    r"(plan(ner)?$|agent|code(r|gen)?$|generate_code|story|essay|reason|architect|sql)", re.I
)
_WARM_UP = re.compile(r"warm|\bping|keep_?alive|prefill|health|sample_one|dummy|smoke", re.I)
_JUDGED = re.compile(r"(^|[/_])(evals?|evaluat(e|ion|ors?)|benchmarks?|bench)([/_.]|$)", re.I)
_TINY_TYPES = frozenset({"bool", "int", "float", "Literal", "Enum"})


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """The class of a task, what speaks for simple and what against."""

    task: Task
    signals: tuple[str, ...]
    vetoes: tuple[str, ...]


def judge(arguments: Arguments, gathered: Gathered, prompt: str, history: str) -> TaskFacts:
    """Class of a request's task from its prompt, parameters, answer and names."""
    site = arguments.issue.site
    kind = arguments.issue.spec.kind if arguments.issue.spec else "chat"
    if kind not in ("chat", "completion", "classify", "any"):
        return TaskFacts(
            "complex" if kind == "agent" else "unknown", (), ("agent",) if kind == "agent" else ()
        )
    signals = list(_signals(arguments, prompt, site, history))
    vetoes = list(_vetoes(arguments, gathered, prompt, site, history))
    function = site.scope.function
    names = function.name if function.kind == "function" else ""
    medium = (
        bool(_MEDIUM.search(prompt))
        or _answers_from_found(arguments)
        or (not prompt.strip() and bool(_MEDIUM_NAMES.search(names)))
    )
    if vetoes:
        hard = any(veto in ("tools", "complex instruction", "code or creative name") for veto in vetoes)
        return TaskFacts(
            "complex" if hard else "medium" if medium else "unknown", tuple(signals), tuple(vetoes)
        )
    if _is_simple(signals, medium):
        return TaskFacts("simple", tuple(signals), ())
    told = len(prompt.split()) >= TOLD and history == "none"
    return TaskFacts(
        "medium" if medium or told or _MEDIUM_NAMES.search(names) else "unknown", tuple(signals), ()
    )


def _answers_from_found(arguments: Arguments) -> bool:
    """Whether a framework's engine puts what it retrieved into a prompt of its own."""
    spec = arguments.issue.spec
    return spec is not None and spec.receiver in ("engine", "chat_engine")


def _is_simple(signals: list[str], medium: bool) -> bool:
    """Two signals, one of them from the instruction or the answer; more for work that reads as medium."""
    small_answer = any(signal.startswith("the answer") for signal in signals)
    if medium:
        return len(signals) >= 3 and small_answer
    return len(signals) >= 2 and (small_answer or any(signal.startswith("the prompt") for signal in signals))


def _signals(arguments: Arguments, prompt: str, site: CallSite, history: str) -> Iterator[str]:
    if _SIMPLE.search(prompt):
        yield f'the prompt asks to "{_first(_SIMPLE, prompt)}"'
    cap = arguments.value("max_tokens")
    if isinstance(cap, Known) and isinstance(cap.value, int) and 0 < cap.value <= SMALL_CAP:
        yield f"the answer is capped at {cap.value} tokens"
    temperature = arguments.value("temperature")
    if isinstance(temperature, Known) and temperature.value == 0:
        yield "temperature is 0"
    shape = _answer_shape(arguments)
    if shape:
        yield shape
    parsed = _parsed_answer(site)
    if parsed:
        yield parsed
    if any(_SIMPLE_NAMES.search(name) for name in _names(site)):
        yield f"it is named {next(name for name in _names(site) if _SIMPLE_NAMES.search(name))}"
    if 0 < len(prompt) <= SHORT_PROMPT and _SIMPLE.search(prompt) and history == "none":
        yield SHORT


def _vetoes(
    arguments: Arguments, gathered: Gathered, prompt: str, site: CallSite, history: str
) -> Iterator[str]:
    tools = arguments.value("tools")
    if tools.value if isinstance(tools, Known) else bool(arguments.values("tools")[0]):
        yield "tools"
    if gathered.images:
        yield "images"
    if _COMPLEX.search(prompt):
        yield "complex instruction"
    elif any(_COMPLEX_NAMES.search(name) for name in _names(site)) and not _SIMPLE.search(prompt):
        yield "code or creative name"
    if any(_WARM_UP.search(name) for name in _names(site)):
        yield "a warm-up"
    if _JUDGED.search(site.module.filename) or any(_JUDGED.search(name) for name in _names(site)):
        yield "part of an evaluation"
    if len(prompt) > LONG_PROMPT:
        yield "long prompt"
    if history in ("growing", "bounded"):
        yield "conversation"
    if not isinstance(arguments.value("reasoning"), Absent) and arguments.values("reasoning")[0]:
        yield "reasoning"
    cap = arguments.value("max_tokens")
    if isinstance(cap, Known) and isinstance(cap.value, int) and cap.value > 2000:
        yield "room for a long answer"


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(0).lower() if found else ""


def _names(site: CallSite) -> list[str]:
    """The names of the function around a request and of what its answer is assigned to."""
    function = site.scope.function
    names = [function.name] if function.kind == "function" else []
    if isinstance(site.statement, ast.Assign):
        names += [target.id for target in site.statement.targets if isinstance(target, ast.Name)]
    return [name for name in names if name not in ("response", "result", "completion", "main", "__call__")]


def _answer_shape(arguments: Arguments) -> str | None:
    """A response schema of one small field or an enum."""
    values, _ = arguments.values("response_format")
    for value in values:
        if isinstance(value, ClassValue):
            return _class_shape(value.scope)
        if isinstance(value, (Items, Mapping_)) and _lists_an_enum(arguments, (value,)):
            return "the answer is one of an enum"
    return None


def _class_shape(cls: Scope) -> str | None:
    fields = [b.annotation for found in cls.bindings.values() for b in found if b.annotation is not None]
    if 0 < len(fields) <= 2 and all(_is_tiny(field, cls) for field in fields):
        return f"the answer is {cls.name}, {len(fields)} short field{'s' if len(fields) > 1 else ''}"
    return None


def _is_tiny(annotation: ast.expr, cls: Scope) -> bool:
    text = ast.unparse(annotation).split("[")[0].rsplit(".", 1)[-1]
    if text in _TINY_TYPES:
        return True
    found = cls.module.scope.bindings.get(text, [])
    return any(
        isinstance(b.node, ast.ClassDef) and "Enum" in str([ast.unparse(x) for x in b.node.bases])
        for b in found
    )


def _lists_an_enum(arguments: Arguments, values: Values) -> bool:
    return any(isinstance(v, Mapping_) and v.get("enum") is not None for v in values)


def _parsed_answer(site: CallSite) -> str | None:
    """How the function reads the answer: a comparison with constants, ``int(…)``, ``bool(…)``."""
    function = site.scope.function
    answers = _answer_names(site)
    for root in _code(function):
        for node in ast.walk(root):
            match node:
                case ast.Call(func=ast.Name(id="int" | "float" | "bool" as name), args=[argument]):
                    if _mentions(argument, answers, site.node):
                        return f"the answer is read with {name}()"
                case ast.Compare(left=left, ops=[op], comparators=[right]):
                    if isinstance(op, (ast.Eq, ast.In, ast.NotIn, ast.NotEq)) and _is_label_test(
                        left, right, answers, site.node
                    ):
                        return "the answer is compared with fixed labels"
                case ast.Call(
                    func=ast.Attribute(value=owner, attr="startswith" | "endswith"),
                    args=[ast.Constant() as said],
                ):
                    if _is_constant(said) and _mentions(owner, answers, site.node):
                        return "the answer is compared with fixed labels"
    return None


def _code(function: Scope) -> list[ast.AST]:
    node = function.node
    if function.kind == "module":
        return []
    return list(node.body) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else [node]


def _answer_names(site: CallSite) -> set[str]:
    """The variables that hold the answer, or what is taken from it."""
    names: set[str] = set()
    for _ in range(3):
        for root in _code(site.scope.function):
            for node in ast.walk(root):
                if isinstance(node, ast.Assign) and (
                    _holds(node.value, site.node) or _mentions_any(node.value, names)
                ):
                    names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _holds(root: ast.AST, wanted: ast.AST) -> bool:
    return any(node is wanted for node in ast.walk(root))


def _mentions_any(root: ast.AST, names: set[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(root))


def _mentions(root: ast.AST, names: set[str], call: ast.AST) -> bool:
    return _mentions_any(root, names) or _holds(root, call)


def _is_label_test(left: ast.expr, right: ast.expr, names: set[str], call: ast.AST) -> bool:
    pairs = ((left, right), (right, left))
    return any(
        _mentions(answer, names, call) and _is_constant(constant) and not _about_status(answer)
        for answer, constant in pairs
    )


def _about_status(node: ast.expr) -> bool:
    text = ast.unparse(node)
    return any(word in text for word in ("status", "finish_reason", "stop_reason", "type", "role", "len("))


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and len(node.value) < 24 and any(c.isalpha() for c in node.value)
    return isinstance(node, (ast.List, ast.Tuple, ast.Set)) and all(_is_constant(e) for e in node.elts)


__all__ = ["Const", "External", "TaskFacts", "judge"]
