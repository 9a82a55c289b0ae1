"""What the working tree's code costs more or less than that of a commit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from llm_lint.model import Report, Request
from llm_lint.pricing.changes import compare
from llm_lint.pricing.diff import Diff
from llm_lint.pricing.guards import guards
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
    changes = compare(_requests(old), _requests(new), old_pricing, pricing)
    budget = options.settings.budget
    judged = guards(changes, budget.max_usd, budget.max_percent, budget.block_unknown_models)
    dated = replace(new, prices_as_of=pricing.as_of, price_sources=pricing.table.sources)
    return Diff(base, changes, tuple(judged), dated)


def _requests(report: Report) -> tuple[Request, ...]:
    return report.inventory.requests if report.inventory is not None else ()
