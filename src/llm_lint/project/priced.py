"""The prices and volumes of one run: settings, comments in the code, usage logs and bills together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from llm_lint.model import Request
from llm_lint.pricing import Pricing
from llm_lint.project.config import Settings
from llm_lint.project.volumes import commented
from llm_lint.syntax.source import SourceFile


def pricing_of(settings: Settings) -> Pricing:
    """What the settings alone say of prices and volumes."""
    return Pricing.load(
        profile=settings.profile,
        volumes=settings.volumes,
        aliases=settings.aliases,
        prices=settings.prices,
        discount=settings.discount,
        ttl=settings.cache_ttl,
    )


def pricing_for(
    settings: Settings, usage: Sequence[str], requests: Sequence[Request], read: Callable[[str], SourceFile]
) -> Pricing:
    """What prices the requests of a run; ``usage`` names its logs.

    Raises LlmLintError for logs that cannot be read and for comments that name no volume.
    """
    pricing = pricing_of(settings)
    pricing = replace(pricing, volumes=replace(pricing.volumes, beside=commented(requests, read)))
    if not usage:
        return pricing
    from llm_lint.pricing.measured import measurements
    from llm_lint.project.usage import read_logs

    found = read_logs(usage, pricing.table)
    log = measurements(found.log, requests, pricing.table)
    counts = found.counts
    said = [
        f"usage log: {number:,} {kind} line{'' if number == 1 else 's'} passed over"
        for kind, number in (("torn", counts.torn), ("foreign", counts.foreign))
        if number
    ]
    if not counts.records and found.bill is None:
        said.append("the usage log has no record")
    elif counts.records and not log.sites:
        said.append("no call site of the usage log is in the code: are these logs of this project?")
    priced = pricing.with_usage(replace(log, warnings=(*log.warnings, *said)), found.bill, requests)
    scaled = tuple(
        f"assumed volumes of {model} are scaled by {factor:.2f} to add up to the bill"
        for model, factor in sorted(priced.bill.items())
    )
    return replace(priced, log=replace(log, warnings=(*log.warnings, *said, *scaled)))
