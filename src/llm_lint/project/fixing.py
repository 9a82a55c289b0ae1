"""Applying fixes until nothing is left to fix: apply, prove, analyse again; or leave the file as it was.

A fix stays only if its finding is gone, no other finding appeared, and the trees are equal but for the
edit. Nothing is written here before every file is proven.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from llm_lint.errors import LlmLintError, SkipFile
from llm_lint.fixes.edits import Change, Offsets, collide
from llm_lint.fixes.rewriting import rewritten
from llm_lint.fixes.writing import replace_file
from llm_lint.model import Applicability, Edit, Finding, Report
from llm_lint.project.runner import Options, Progress, Project, run_check
from llm_lint.syntax.source import SourceFile

MAX_PASSES = 10

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file before and after, with the findings that were repaired in it."""

    old: SourceFile
    new: SourceFile
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a run repaired.

    ``report`` is what is left, ``before`` what there was; ``unsettled`` names the files in which fixes
    did not come to rest, which were left as they were, with the rules of those fixes.
    """

    report: Report
    before: Report
    files: tuple[FixedFile, ...]
    unsettled: tuple[tuple[str, tuple[str, ...]], ...] = ()


def run_fix(options: Options, unsafe: bool, progress: Progress | None = None) -> Fixed:
    """Repair what can be repaired, in memory; ``unsafe`` also by fixes that may change behaviour."""
    return _Repair(options, unsafe, progress).run()


def write(fixed: Fixed) -> dict[str, LlmLintError]:
    """Write the repaired files, each at once; the errors of those that were left alone, by name."""
    errors = {}
    for file in fixed.files:
        try:
            assert file.old.path is not None
            replace_file(file.old.path, file.old.data, file.new.data)
        except LlmLintError as error:
            errors[file.old.name] = error
    return errors


class _Repair:
    """The state of one run: the new contents, and the fixes that failed with the reason."""

    def __init__(self, options: Options, unsafe: bool, progress: Progress | None) -> None:
        self._options = options
        self._progress = progress
        self._applicable = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
        self._project = Project(options)
        self._files: dict[str, SourceFile] = {}
        self._findings: dict[str, list[Finding]] = defaultdict(list)
        self._refused: dict[tuple[_Key, str], str] = {}
        self._report = self._check({})

    def run(self) -> Fixed:
        before = self._report
        unsettled: dict[str, set[str]] = {}
        for _ in range(MAX_PASSES):
            batch = self._batch()
            while batch and not self._attempt(batch):
                batch = self._batch()
            if not batch:
                break
        else:
            unsettled = self._revert(self._batch())
        report = replace(self._told(), fixed=tuple(f for found in self._findings.values() for f in found))
        files = tuple(
            FixedFile(self._project.read(name), source, tuple(self._findings[name]))
            for name, source in sorted(self._files.items())
        )
        left = tuple((name, tuple(sorted(rules))) for name, rules in sorted(unsettled.items()))
        return Fixed(report, before, files, left)

    # ---- one pass

    def _check(self, files: dict[str, SourceFile]) -> Report:
        held = {name: source.data for name, source in files.items()}
        contents = {**self._options.contents, **held}
        return run_check(replace(self._options, contents=contents), self._progress)

    def _source(self, name: str) -> SourceFile:
        return self._files[name] if name in self._files else self._project.read(name)

    def _batch(self) -> list[Finding]:
        """The findings whose fixes can be applied together, first come first served."""
        chosen: list[Finding] = []
        taken: dict[str, list[Change]] = defaultdict(list)
        for finding in self._report.findings:
            changes = self._changes(finding)
            if changes and not any(collide(ours, taken[name]) for name, ours in changes.items()):
                chosen.append(finding)
                for name, ours in changes.items():
                    taken[name] += ours
        return chosen

    def _changes(self, finding: Finding) -> dict[str, list[Change]]:
        """The changes of a finding's fix by file; empty when it is not to be applied."""
        fix = finding.fix
        if fix is None or fix.applicability not in self._applicable or _id(finding) in self._refused:
            return {}
        changes: dict[str, list[Change]] = defaultdict(list)
        for name in {edit.span.filename for edit in fix.edits}:
            if name not in self._project.selection.selected:
                self._refused[_id(finding)] = f"the edit belongs into `{name}`, which this run does not cover"
                return {}
            offsets = Offsets(self._source(name))
            changes[name] = [offsets.change(edit) for edit in fix.edits if edit.span.filename == name]
        return changes

    def _attempt(self, batch: list[Finding]) -> bool:
        """Apply the fixes of some findings; False when some had to be refused and none was applied."""
        proven = [finding for finding in batch if self._is_provable(finding)]
        if not proven:
            return False
        try:
            files = {**self._files, **self._rewritten(proven)}
        except SkipFile as reason:  # each alone is fine, together they are not
            return self._apart(proven, str(reason))
        report = self._check(files)
        guilty = _guilty(proven, self._report, report)
        if guilty:
            return self._apart(proven, guilty[0][1], [finding for finding, _ in guilty])
        self._files, self._report = files, report
        for finding in proven:
            assert finding.fix is not None
            self._findings[finding.fix.edits[-1].span.filename].append(finding)
        return True

    def _apart(self, batch: list[Finding], reason: str, guilty: list[Finding] | None = None) -> bool:
        """Try again without the guilty; a single finding that fails is refused."""
        if len(batch) == 1 or (guilty and len(guilty) == 1):
            self._refused[_id((guilty or batch)[0])] = reason
            rest = [finding for finding in batch if finding is not (guilty or batch)[0]]
            return bool(rest) and self._attempt(rest)
        suspects = guilty or batch
        half = len(suspects) // 2
        innocent = [finding for finding in batch if finding not in suspects]
        first = self._attempt([*innocent, *suspects[:half]])
        return first or self._attempt(suspects[half:])

    def _is_provable(self, finding: Finding) -> bool:
        try:
            self._rewritten([finding])
        except SkipFile as reason:
            self._refused[_id(finding)] = str(reason)
            return False
        return True

    def _rewritten(self, findings: Iterable[Finding]) -> dict[str, SourceFile]:
        edits: dict[str, dict[Edit, None]] = defaultdict(dict)
        for finding in findings:
            for edit in finding.fix.edits if finding.fix is not None else ():
                edits[edit.span.filename][edit] = None
        return {name: rewritten(self._source(name), list(found)) for name, found in edits.items()}

    # ---- the end

    def _revert(self, batch: list[Finding]) -> dict[str, set[str]]:
        """Take back everything in the files that still change."""
        unsettled: dict[str, set[str]] = defaultdict(set)
        for finding in batch:
            for edit in finding.fix.edits if finding.fix is not None else ():
                unsettled[edit.span.filename].add(finding.code)
        for name in unsettled:
            self._files.pop(name, None)
            self._findings.pop(name, None)
        if unsettled:
            self._report = self._check(self._files)
        return unsettled

    def _told(self) -> Report:
        """The last report, in which every fix that failed says so."""
        return replace(self._report, findings=tuple(map(self._with_reason, self._report.findings)))

    def _with_reason(self, finding: Finding) -> Finding:
        reason = self._refused.get(_id(finding))
        return finding if reason is None else replace(finding, fix=None, fix_refused=reason)


def _key(finding: Finding) -> _Key:
    return finding.span.filename, finding.code, finding.identity


def _id(finding: Finding) -> tuple[_Key, str]:
    return _key(finding), finding.fingerprint


def _guilty(batch: list[Finding], before: Report, after: Report) -> list[tuple[Finding, str]]:
    """The findings of a batch whose fix did not hold, with the reason."""
    wanted = Counter(map(_key, _all(before)))
    wanted.subtract(map(_key, batch))
    surplus = {key for key, count in Counter(map(_key, _all(after))).items() if count > wanted[key]}
    kept = [finding for finding in batch if _key(finding) in surplus]
    if kept:
        return [(finding, "the finding would still be there after the edit") for finding in kept]
    if not surplus:
        return []
    appeared = sorted({code for _, code, _ in surplus})
    near = {name for name, _, _ in surplus}
    close = [finding for finding in batch if finding.span.filename in near] or batch
    return [(finding, f"the edit would cause {', '.join(appeared)}") for finding in close]


def _all(report: Report) -> Iterator[Finding]:
    yield from report.findings
    yield from report.hidden
    yield from report.suppressed
    yield from report.untouched
    yield from report.baselined
