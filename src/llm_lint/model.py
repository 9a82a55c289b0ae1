"""The plain data that flows between the layers: frozen, serialisable, importing nothing of this package.

Units: money is ``Decimal`` USD; prices are USD per million tokens; rows and columns are 1-based and
columns count code points; for notebooks ``cell`` is the 0-based index and rows count inside the cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")


class Confidence(Enum):
    """How sure the analysis is that a finding is true; independent of severity and of money."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low, 1 for medium, 2 for high."""
        return {"low": 0, "medium": 1, "high": 2}[self.value]


class Severity(Enum):
    """How bad a true finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return {"info": 0, "warning": 1, "error": 2}[self.value]


class Applicability(Enum):
    """Who may apply a fix: ``--fix``, ``--fix --unsafe-fixes``, or only a reader."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


# --------------------------------------------------------------------------- places


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A point in a file: 1-based row and column."""

    row: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of one file; ``filename`` is relative to the project root, with forward slashes."""

    filename: str
    start: Location
    end: Location
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """One more place that belongs to a finding, with what happens there."""

    message: str
    span: Span


# --------------------------------------------------------------------------- edits


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of ``span`` with ``content``."""

    span: Span
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that repair a finding together."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


# --------------------------------------------------------------------------- money


@dataclass(frozen=True, slots=True)
class Estimate:
    """P10, mean and P90 of an amount (USD, or a share between 0 and 1)."""

    low: Decimal
    expected: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Volume:
    """Requests a month of one call site, and who said so."""

    requests_per_month: Decimal
    source: Literal["assumed", "configured", "log"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """One quantity of a formula: ``C``, what it means with its unit, its value, and where that comes from."""

    name: str
    meaning: str
    value: Estimate
    source: str


@dataclass(frozen=True, slots=True)
class Saving:
    """What fixing one finding alone would save.

    ``percent`` is the share (0 to 100) of the call site's own cost. ``usd_*`` is None where no price or
    no volume is known; exactly zero where the waste is not money (latency, risk, visibility).
    ``evidence`` is E0 (static defaults) to E4 (measured before and after); ``measured`` is what a usage log
    says, in words. ``formula`` gives the amount per 1,000 requests in terms of ``symbols``.
    """

    percent: Estimate | None
    usd_per_1000_requests: Estimate | None
    usd_per_month: Estimate | None
    volume: Volume | None
    evidence: Literal["E0", "E1", "E2", "E3", "E4"]
    assumptions: tuple[str, ...] = ()
    note: str | None = None
    measured: str | None = None
    formula: str = ""
    symbols: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a usage log says of one call site.

    Tokens are means of a billed request, ``usd`` is the whole log at this run's prices and ``usd_logged``
    what the log itself says; months are extrapolated from ``days``, None where the log has no duration.
    ``latency_ms`` holds P50, P95 and P99. ``repeats`` is the share (0 to 1) that a cache would have answered,
    by time to live. Unknown amounts are None.
    """

    site: str
    models: tuple[str, ...]
    calls: int
    days: Decimal
    requests_per_month: Decimal | None
    input_tokens: Decimal
    output_tokens: Decimal
    cached_tokens: Decimal
    usd: Decimal | None
    usd_logged: Decimal | None
    usd_per_1000_requests: Decimal | None
    usd_per_month: Decimal | None
    latency_ms: tuple[float, float, float] | None
    repeats: dict[str, Decimal]
    distinct: int | None
    cached_share: Decimal
    failed_share: Decimal
    estimated_share: Decimal


# --------------------------------------------------------------------------- requests


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value that the code shows, and where it comes from."""

    value: T
    source: Literal["literal", "constant", "default", "env-default", "config"] = "literal"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value the code sets but does not show; nothing may be claimed about it."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A value the code does not set: the SDK's or the server's default applies."""


UNKNOWN = Unknown()
ABSENT = Absent()
Value = Known[Any] | Unknown | Absent


@dataclass(frozen=True, slots=True)
class Step:
    """One hop on the way from an entry point to a request."""

    span: Span
    function: str
    note: str = ""


SMALL_LIST = 8  # literal lists below this are not worth a batch


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop around a request, direct or through callers.

    ``independent`` is False when an iteration needs an earlier answer, None when that is not known;
    ``trips`` is the literal number of iterations where the code shows it. ``via`` are the calls that
    lead from the loop to the request, outermost first, empty for a direct loop. ``note`` says what a
    data loop repeats when it is not one request per element: ``samples`` (several answers to one
    question), ``models`` (one question to several models), ``steps`` (work of several requests that
    build on each other).
    """

    kind: Literal["data", "chat", "agent", "retry", "poll"]
    depth: Literal["direct", "indirect"]
    form: str  # "for", "while", "comprehension", "map", "submit", "gather", "apply", …
    span: Span
    function: str
    independent: bool | None
    concurrent: bool = False
    trips: int | None = None
    note: Literal["", "samples", "models", "steps"] = ""
    via: tuple[Step, ...] = ()

    @property
    def is_batch_candidate(self) -> bool:
        """Whether it sends one independent request for each of many elements."""
        many = self.trips is None or self.trips >= SMALL_LIST
        return self.kind == "data" and self.independent is True and not self.note and many


def main_loop(loops: Sequence[Loop]) -> Loop | None:
    """Of the loops around a request the one to speak of: see ``Request.loop``."""
    data = [loop for loop in loops if loop.kind == "data"]
    best = next((loop for loop in data if loop.is_batch_candidate), None)
    return best or next(iter(data or loops), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether something was found on the path of a request, and what it was."""

    present: bool
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A call that makes a client or model object.

    ``name`` is the dotted name of what is called; ``trackable`` says that the runtime's ``track`` finds
    the HTTP client inside the object.
    """

    name: str
    span: Span
    trackable: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is known of a request's input.

    ``static_text`` holds the parts the code shows, joined by newlines; ``holes`` are the source texts
    of the parts filled at run time, in order; ``complete`` is False when some of the input could not
    be followed at all (then ``static_text`` is a lower bound).
    """

    static_text: str = ""
    holes: tuple[str, ...] = ()
    complete: bool = False
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """One call site that issues a request to a provider, with everything known about it.

    ``key`` is ``path::qualname#ordinal`` (counted from 0 in file order) and survives line moves.
    ``clients`` are the calls that make the untracked clients it may go through and the models inside
    them, innermost first.
    ``list_limit`` is the longest list of texts that the endpoint takes whatever their length;
    ``reaches_http`` says that the runtime's cache sees the request.
    ``excluded`` names why money is not attributed (``test``, ``example``, ``notebook`` …) or is None.
    """

    key: str
    span: Span
    statement: Span
    callee: str
    sdk: str
    provider: str
    kind: str
    model: Value
    function: str
    function_span: Span | None
    mode: Literal["sync", "async", "stream"]
    entry_point: str
    loops: tuple[Loop, ...] = ()
    chain: tuple[Step, ...] = ()
    callers: tuple[Step, ...] = ()
    client_span: Span | None = None
    clients: tuple[Made, ...] = ()
    cached: Evidence = Evidence(False)
    tracked: Evidence = Evidence(False)
    history: Literal["none", "bounded", "growing", "unknown"] = "unknown"
    prompt: Prompt = Prompt()
    parameters: dict[str, Value] = field(default_factory=dict)
    task: Literal["simple", "medium", "complex", "unknown"] = "unknown"
    task_signals: tuple[str, ...] = ()
    task_vetoes: tuple[str, ...] = ()
    repetition: str | None = None
    purity: tuple[str, ...] = ()
    list_input: Literal["no", "single", "list", "unknown"] = "no"
    list_limit: int | None = None
    reaches_http: bool = False
    batch_submit: bool = False
    local: bool = False
    billed: bool = True
    excluded: str | None = None

    @property
    def loop(self) -> Loop | None:
        """The loop that matters for batching: of the data loops the one whose requests could be batched
        if there is one, else the innermost; without a data loop the innermost other."""
        return main_loop(self.loops)

    def parameter(self, role: str) -> Value:
        """The parameter in a role (``temperature``, ``max_tokens``, ``tools`` …); ABSENT when not set."""
        return self.parameters.get(role, ABSENT)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A function of the project through which requests are issued."""

    function: str
    span: Span
    requests: tuple[str, ...]
    callers: tuple[Step, ...]


# --------------------------------------------------------------------------- results


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not analysed, and why."""

    filename: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One waste, at one place, with its price.

    ``message`` states the fact in one sentence; ``advice`` says what to do. ``request`` is the key of
    the call site, None for findings that belong to no request.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    advice: str = ""
    related: tuple[Related, ...] = ()
    request: str | None = None
    saving: Saving | None = None
    fix: Fix | None = None
    fix_refused: str | None = None
    fingerprint: str = ""
    statement: Span | None = None
    identity: str = ""  # what the fingerprint hashes, beside path and rule; never a secret


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment that silences findings: for its line, or for the whole file.

    ``names`` are the codes, names or ``ALL`` as written; ``idle`` those of them whose rules ran and that
    silenced nothing. ``is_noqa`` marks ``# noqa`` comments, which several tools read.
    """

    span: Span
    scope: Literal["line", "file"]
    names: tuple[str, ...]
    is_noqa: bool = False
    is_alone: bool = False
    idle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every request of a project and the functions that lead to them."""

    requests: tuple[Request, ...]
    gateways: tuple[Gateway, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """How a run used its baseline: the file, its entries, and those that match nothing any more.

    ``added`` and ``removed`` are None unless the run wrote the file.
    """

    path: str
    entries: int
    stale: int = 0
    added: int | None = None
    removed: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of ``check`` has to say; ``findings`` are those to show, sorted by place.

    The others are in one of: ``suppressed`` (a comment or per-file-ignores), ``hidden`` (confidence or
    saving), ``untouched`` (outside the changes asked about), ``baselined`` (known and accepted).
    ``fixed`` are the findings that this run repaired, in the order in which they were.
    ``failures`` tell which rules crashed, and where.
    ``root`` is the absolute path that all filenames are relative to. ``sources`` holds the lines of the
    files that findings speak of, by name; for cell 3 of a notebook by ``name#3``. ``costs`` are USD per
    1,000 requests by request key, where the model and its price are known; ``measured`` is what a usage
    log says, also by request key.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    hidden: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[str, ...] = ()
    inventory: Inventory | None = None
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files_checked: int = 0
    prices_as_of: str = ""
    price_sources: tuple[str, ...] = ()
    root: str = ""
    costs: dict[str, Estimate] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)
    untouched: tuple[Finding, ...] = ()
    baselined: tuple[Finding, ...] = ()
    baseline: BaselineUse | None = None
    failures: tuple[str, ...] = ()
    fixed: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """The commit that a working tree is compared with, and how the user named it."""

    commit: str
    name: str

    @property
    def label(self) -> str:
        """``main (1a2b3c4)``; the short id says which commit a branch stands for."""
        return f"{self.name} ({self.commit[:7]})"
