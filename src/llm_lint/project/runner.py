"""One run: files → scan → analysis → rules → what to show."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llm_lint.errors import SkipFile
from llm_lint.fixes import Fixer
from llm_lint.model import Finding, Inventory, Report, Skipped
from llm_lint.project import insertions
from llm_lint.project.accepting import Acceptance, Accepted
from llm_lint.project.baseline import FILE_NAME
from llm_lint.project.changes import changes_since
from llm_lint.project.config import Settings
from llm_lint.project.discovery import Filters, Selection, select, select_from
from llm_lint.project.scan import Scan, Scanner, scan_files
from llm_lint.project.selectors import chosen_rules
from llm_lint.project.verdicts import Judge, Kept, joined
from llm_lint.syntax.source import Readable, SourceFile, read_source

if TYPE_CHECKING:
    from llm_lint.pricing import Pricing
    from llm_lint.pricing.bill import Bill
    from llm_lint.project.cache import Recorder
    from llm_lint.rules import Context, Rule
    from llm_lint.semantics.surfaces import Surfaces

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tree:
    """Files that stand in for those on disk: by name, relative to ``root``."""

    root: Path
    files: Mapping[str, Readable]


@dataclass(frozen=True, slots=True)
class Options:
    """What one run is asked to do.

    ``stdin`` replaces the content of ``stdin_filename``; ``ignore_suppressions`` shows what comments hide;
    ``tree`` replaces what is on disk, as another revision does; ``contents`` replace single files by
    name. ``diff_base`` keeps the findings on lines
    changed since a revision. ``baseline`` names the file of accepted findings; without it the default file
    at the project's root counts if it is there, unless ``use_baseline`` is off; ``update_baseline`` writes
    it anew. ``usage`` names usage logs.
    it anew; ``recorder`` is told what is read.
    """

    paths: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    stdin: bytes | None = None
    stdin_filename: str | None = None
    ignore_suppressions: bool = False
    tree: Tree | None = None
    diff_base: str | None = None
    baseline: Path | None = None
    use_baseline: bool = True
    update_baseline: bool = False
    usage: tuple[str, ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict)
    recorder: Recorder | None = None


_MAX_DATA = 256 * 1024  # bytes of a configuration file worth reading


@dataclass(frozen=True, slots=True)
class Content:
    """A file that is held in memory."""

    data: bytes

    def read_bytes(self) -> bytes:
        """The whole content."""
        return self.data


class Project:
    """The files of a run, read once each."""

    def __init__(self, options: Options, progress: Progress | None = None) -> None:
        settings = options.settings
        filters = Filters(
            settings.exclude, settings.extend_exclude, settings.respect_gitignore, settings.force_exclude
        )
        self.options = options
        self.filters = filters
        selection = self._select(filters)
        held = {name: Content(data) for name, data in options.contents.items()}
        self.selection = replace(selection, files={**selection.files, **held})
        self._sources: dict[str, SourceFile] = {}
        self._broken: dict[str, str] = {}
        self.failures: list[str] = []
        self._progress = progress
        self._relevant = 0

    def _select(self, filters: Filters) -> Selection:
        options = self.options
        if options.tree is not None:
            return select_from(options.tree.files, options.tree.root, options.paths, filters)
        if options.stdin is None:
            return select(options.paths, filters)
        path = Path(options.stdin_filename or "stdin.py")
        folder = path.parent if path.parent.is_dir() else Path()
        found = select([str(folder)], filters)
        name = (
            path.resolve().relative_to(found.root).as_posix()
            if path.resolve().is_relative_to(found.root)
            else path.name
        )
        files = {**found.files, name: Content(options.stdin)}
        return Selection(found.root, files, frozenset({name}), found.left_out)

    def read(self, name: str) -> SourceFile:
        """The decoded file; raises SkipFile with the reason."""
        if name in self._broken:
            raise SkipFile(self._broken[name])
        if name not in self._sources:
            try:
                self._sources[name] = self._load(name)
            except SkipFile as reason:
                self._broken[name] = str(reason)
                raise
        return self._sources[name]

    def _load(self, name: str) -> SourceFile:
        if self._progress is not None:
            self._progress(len(self._sources) + len(self._broken), self._relevant)
        return read_source(self.selection.files[name], name)

    def data(self, name: str) -> str | None:
        """The text of a small file of the project that is no source; None for anything else."""
        if self.options.tree is not None or not name:
            return None
        path = self.selection.root / name
        if self.options.recorder is not None:
            self.options.recorder.opened.add(str(path))
        try:
            if not path.is_file():
                return None
            if path.stat().st_size > _MAX_DATA:
                return None
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    @cached_property
    def surfaces(self) -> Surfaces:
        """What is known of SDKs, with what the configuration adds."""
        from llm_lint.semantics.surfaces import Surfaces

        settings = self.options.settings
        return Surfaces.load(settings.calls, insertions.names(settings))

    def analysed(self, name: str) -> SourceFile:
        """The decoded file, for the analysis of the whole project."""
        if self.options.recorder is not None:
            self.options.recorder.analysed.add(name)
        return self.read(name)

    def told(self, report: Report) -> Report:
        """Let the recorder know the files of a finished run."""
        recorder, settings = self.options.recorder, self.options.settings
        if recorder is not None and not (self.options.usage or self.options.contents):
            recorder.describe(
                self.selection.files, settings.exclude, self.filters.leaves_out, settings.output_format
            )
        return report

    def scan(self) -> Scan:
        """The bytes of all files, looked at once."""
        surfaces = self.surfaces
        names, hosts = sorted(surfaces.import_names), sorted(surfaces.literal_hosts)
        recorder = self.options.recorder
        if recorder is not None:
            recorder.begin(str(self.selection.root), {"names": names, "hosts": hosts})
        scanner = Scanner(names, hosts)
        scan = scan_files(self.selection.files, scanner, recorder)
        self._relevant = len(scan.seeds)
        return scan

    def fixer(self) -> Fixer:
        """What builds the fixes of this project."""
        settings, selection = self.options.settings, self.selection
        return Fixer(
            self.read,
            insertions.insertions(settings, selection),
            insertions.first_party(selection),
            settings.cache_ttl,
        )


def run_inventory(options: Options, progress: Progress | None = None, all_gateways: bool = False) -> Report:
    """Find every request; findings are not computed.

    ``all_gateways`` keeps those outside the selected files, through which the selected requests are reached.
    """
    return _listed(Project(options, progress), all_gateways)[0]


def run_priced(options: Options) -> tuple[Report, Pricing]:
    """The inventory, and the prices and volumes of the run."""
    project = Project(options)
    report, pricing = _listed(project)
    return report, pricing or _priced(project, Inventory((), (), ()))


def _listed(project: Project, all_gateways: bool = False) -> tuple[Report, Pricing | None]:
    inventory = _analyse(project, project.scan())
    kept = _selected_inventory(inventory, project.selection)
    if all_gateways:
        kept = replace(kept, gateways=inventory.gateways)
    pricing = _priced(project, inventory) if kept.requests else None
    costs = {request.key: cost for request in kept.requests if pricing and (cost := pricing.cost(request))}
    report = Report(
        (),
        skipped=_skipped(project, inventory),
        inventory=kept,
        files_checked=len(project.selection.selected),
        **_dated(pricing),
        root=str(project.selection.root),
        costs={key: cost.usd_per_1000_requests for key, cost in costs.items()},
    )
    return project.told(report), pricing


def run_check(options: Options, progress: Progress | None = None) -> Report:
    """Run the selected rules and sort out what to show."""
    project = Project(options, progress)
    return project.told(_checked(project))


def run_bill(options: Options) -> tuple[Report, Bill]:
    """What the selected files' requests cost a month, now and with every finding fixed."""
    from llm_lint.pricing.bill import bill

    project = Project(options)
    report = _checked(project)
    inventory = report.inventory or Inventory((), (), ())
    requests = _selected_inventory(inventory, project.selection).requests
    pricing = _priced(project, inventory)
    return report, bill(requests, (*report.findings, *report.baselined), pricing)


def _checked(project: Project) -> Report:
    scan = project.scan()
    inventory = _analyse(project, scan)
    has_subjects = inventory.requests or scan.with_keys or scan.with_ignores
    pricing = _priced(project, inventory) if has_subjects else None
    findings = list(_findings(project, scan, inventory, pricing)) if pricing is not None else []
    return replace(_report(project, scan, inventory, findings, pricing), **_dated(pricing))


def _analyse(project: Project, scan: Scan) -> Inventory:
    seeds = scan.seeds
    if not seeds:
        return Inventory((), (), tuple(_unparsable(project, ())))
    from llm_lint.semantics.analysis import analyse

    inventory = analyse(
        project.selection.files, seeds, project.analysed, scan.importers, project.surfaces, project.data
    )
    known = {skipped.filename for skipped in inventory.skipped}
    return replace(inventory, skipped=(*inventory.skipped, *_unparsable(project, known)))


# Files without any trace of LLM code are parsed only to name the broken ones; above this many bytes
# that would cost more than the whole analysis, so only those that the analysis needs are parsed.
_PARSE_ALL_BYTES = 400_000


def _unparsable(project: Project, known: Iterable[str]) -> Iterator[Skipped]:
    """Selected files that cannot be read as Python although no request was sought in them."""
    budget = _PARSE_ALL_BYTES
    for name in sorted(project.selection.selected - set(known)):
        try:
            source = project.read(name)
            budget -= len(source.data)
            if budget > 0:
                source.tree()
        except SkipFile as reason:
            yield Skipped(name, str(reason))


def _priced(project: Project, inventory: Inventory) -> Pricing:
    """Prices with the comments of the code and the usage logs of the run."""
    from llm_lint.project.priced import pricing_for

    return pricing_for(project.options.settings, project.options.usage, inventory.requests, project.read)


def _dated(pricing: Pricing | None) -> dict[str, Any]:
    """The day and the sources of the prices and what a usage log says, for the report."""
    if pricing is None:
        return {}
    found = {"prices_as_of": pricing.as_of, "price_sources": pricing.table.sources}
    if pricing.log is None:
        return found
    measured = {key: site.measured() for key, site in pricing.log.sites.items()}
    return {**found, "measured": measured, "warnings": pricing.log.warnings}


# --------------------------------------------------------------------------- findings


def _findings(project: Project, scan: Scan, inventory: Inventory, pricing) -> Iterator[Finding]:  # type: ignore[no-untyped-def]
    from llm_lint.rules import Context, all_rules

    chosen = chosen_rules(project.options.settings)
    context = Context(inventory, pricing, project.fixer())
    for rule in all_rules():
        if rule.code not in chosen:
            continue
        match rule.subject:
            case "request":
                for request in inventory.requests:
                    yield from _checked_by(project, rule, request, request.key, context)
            case "project":
                yield from _checked_by(project, rule, inventory, "the project", context)
            case "source":
                for name in scan.with_keys:
                    try:
                        source = project.read(name)
                    except SkipFile:
                        continue
                    yield from _checked_by(project, rule, source, name, context)


def _checked_by(project: Project, rule: Rule, subject: Any, name: str, context: Context) -> Iterator[Finding]:
    """What a rule says of one subject; a rule that crashes is reported, and the run goes on without it."""
    try:
        yield from list(rule.check(subject, context))
    except Exception as error:
        what = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        project.failures.append(f"{rule.code} [{rule.name}] failed at {name}: {what}")


def _about_ignores(project: Project, judge: Judge, scan: Scan, context: Context) -> Iterator[Finding]:
    """What the rules about comments that silence findings say, after all other rules ran."""
    from llm_lint.rules import all_rules

    chosen = chosen_rules(project.options.settings)
    others = [rule for rule in all_rules() if rule.subject != "ignore"]
    ran = {name for rule in others if rule.code in chosen for name in (rule.code, rule.name)}
    if all(rule.code in chosen for rule in others):
        ran.add("ALL")
    for ignore in judge.ignores(scan.with_ignores, frozenset(ran)):
        for rule in all_rules():
            if rule.subject == "ignore" and rule.code in chosen:
                yield from rule.check(ignore, context)


def _report(project: Project, scan: Scan, inventory: Inventory, findings: list[Finding], pricing) -> Report:  # type: ignore[no-untyped-def]
    options, selection = project.options, project.selection
    judge = Judge(options.settings, selection, project.read, options.ignore_suppressions)
    kept = judge.judged(findings)
    if pricing is not None and scan.with_ignores:
        from llm_lint.rules import Context

        about = _about_ignores(project, judge, scan, Context(inventory, pricing))
        kept = joined(kept, judge.judged(list(about)))
    shown = kept.shown
    untouched: tuple[Finding, ...] = ()
    if options.diff_base is not None:
        changes = changes_since(selection.root, options.diff_base)
        untouched = tuple(finding for finding in shown if not changes.touch(finding))
        shown = tuple(finding for finding in shown if changes.touch(finding))
    accepted = _accepted(project, kept, shown)
    if accepted is not None:
        shown = accepted.left
    names = {finding.span.filename for finding in shown} | {r.span.filename for f in shown for r in f.related}
    return Report(
        shown,
        kept.suppressed,
        kept.hidden,
        _skipped(project, inventory),
        inventory=inventory,
        sources=dict(entry for name in sorted(names) for entry in _display_lines(project, name)),
        files_checked=len(selection.selected),
        root=str(selection.root),
        failures=tuple(project.failures),
        untouched=untouched,
        baselined=accepted.baselined if accepted is not None else (),
        baseline=accepted.use if accepted is not None else None,
    )


def _accepted(project: Project, kept: Kept, shown: tuple[Finding, ...]) -> Accepted | None:
    """The findings held against the baseline; None where there is none."""
    options, root = project.options, project.selection.root
    path = options.baseline or Path(os.path.relpath(root / FILE_NAME))
    wanted = options.update_baseline or options.baseline is not None
    if not wanted and not (options.use_baseline and path.is_file()):
        return None
    ran = chosen_rules(options.settings)
    return Acceptance(path, project.selection, ran, project.read).apply(kept, shown, options.update_baseline)


def _display_lines(project: Project, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines of a file, or of each cell of a notebook, under the keys of ``Report.sources``."""
    try:
        source = project.read(name)
    except SkipFile:
        return
    lines = tuple(line.rstrip("\r\n") for line in source.lines)
    if not source.cells:
        yield name, lines
    for cell in source.cells:
        yield f"{name}#{cell.index}", lines[cell.first_line - 1 : cell.first_line - 1 + cell.line_count]


def _skipped(project: Project, inventory: Inventory) -> tuple[Skipped, ...]:
    asked = [skipped for skipped in inventory.skipped if skipped.filename in project.selection.selected]
    unique = dict.fromkeys((*asked, *project.selection.left_out))
    return tuple(sorted(unique, key=lambda skipped: skipped.filename))


def _selected_inventory(inventory: Inventory, selection: Selection) -> Inventory:
    return replace(
        inventory,
        requests=tuple(r for r in inventory.requests if r.span.filename in selection.selected),
        gateways=tuple(g for g in inventory.gateways if g.span.filename in selection.selected),
    )
