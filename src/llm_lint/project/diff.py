"""What the working tree's code costs more or less than that of a commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from llm_lint.model import Base, Report, Request
from llm_lint.pricing.changes import compare
from llm_lint.pricing.diff import Diff
from llm_lint.pricing.guards import guards
from llm_lint.project.discovery import SUFFIXES
from llm_lint.project.revision import base_of, files_of, has_sources_of
from llm_lint.project.runner import Options, Tree, run_priced


def run_diff(options: Options, revision: str) -> Diff:
    """Compare the files on disk with the commit where HEAD and a revision parted.

    Both sides are priced alike: with the prices in use, the configuration on disk, and the given usage logs;
    comments with volumes count for the side that holds them. Raises LlmLintError as ``base_of`` does.
    """
    new, pricing = run_priced(options)
    root = Path(new.root)
    base = base_of(root, revision)
    if options.settings.respect_gitignore and has_sources_of(root, base.commit):
        old, old_pricing = new, pricing
    else:
        with files_of(root, base.commit) as files:
            old, old_pricing = run_priced(replace(options, tree=Tree(root, files)))
    broken = frozenset(skipped.filename for skipped in {*old.skipped} ^ {*new.skipped})
    changes = compare(_requests(old, broken), _requests(new, broken), old_pricing, pricing)
    budget = options.settings.budget
    judged = guards(changes, budget.max_usd, budget.max_percent, budget.block_unknown_models)
    dated = replace(
        new,
        prices_as_of=pricing.as_of,
        price_sources=pricing.table.sources,
        warnings=(*new.warnings, *_unread(old, new, base)),
    )
    return Diff(base, changes, tuple(judged), dated)


def _requests(report: Report, broken: frozenset[str]) -> list[Request]:
    """The requests of files of which both sides read as much: others would look added or removed."""
    inventory = report.inventory
    return [r for r in inventory.requests if r.span.filename not in broken] if inventory is not None else []


def _unread(old: Report, new: Report, base: Base) -> Iterator[str]:
    """What could not be analysed of the old side only; the new side's report names its own."""
    for skipped in old.skipped:
        if skipped not in new.skipped and skipped.filename.endswith(SUFFIXES):
            yield f"{skipped.filename} at {base.label} was not analysed: {skipped.reason}"
