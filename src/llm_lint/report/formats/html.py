"""One page for a browser, without scripts or anything from elsewhere: the largest expected savings first."""

from __future__ import annotations

from html import escape

from llm_lint import __version__
from llm_lint.model import Finding, Report, Request
from llm_lint.report.console import Console, printable
from llm_lint.report.evidence import path_to, requests_by_key
from llm_lint.report.excerpt import excerpt
from llm_lint.report.places import place, source_lines
from llm_lint.report.repairs import repair
from llm_lint.report.savings import by_saving, saves_no_money, told
from llm_lint.report.summary import summary

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; color: #222; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #ccc; border-left-width: 6px; border-radius: 4px; }
article { margin: 1.5rem 0; padding: 0 1rem; }
article.error { border-left-color: #b00020; }
article.warning { border-left-color: #c77700; }
article.info { border-left-color: #2b6cb0; }
h2 { font-size: 1rem; }
pre, code { font: 14px/1.4 ui-monospace, monospace; }
pre { background: #f6f6f6; overflow-x: auto; padding: .5rem; }
dt { font-weight: bold; float: left; clear: left; width: 5rem; }
dd { margin: 0 0 .3rem 6rem; }
@media (prefers-color-scheme: dark) {
  body { background: #1b1b1b; color: #ddd; }
  pre { background: #262626; }
  article { border-color: #444; }
}
"""


def render(report: Report, console: Console) -> str:
    """The whole page."""
    requests = requests_by_key(report)
    articles = [
        _article(finding, requests.get(finding.request or ""), report)
        for finding in by_saving(report.findings)
    ]
    counted = "".join(f"<p>{_text(line)}</p>\n" for line in summary(report, Console()))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>llm-lint</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<h1>llm-lint</h1>\n"
        f"{counted}{''.join(articles)}<p><small>llm-lint {__version__}</small></p>\n</body>\n</html>\n"
    )


def _article(finding: Finding, request: Request | None, report: Report) -> str:
    lines = excerpt(source_lines(report, finding.span), finding.span, (), Console(width=10_000))
    source = f"<pre>{_text(chr(10).join(lines))}</pre>\n" if lines else ""
    title = f"{finding.code} {finding.name}"
    return (
        f'<article class="{finding.severity.value}">\n'
        f"<h2>{_text(title)} · <code>{_text(place(finding.span))}</code></h2>\n"
        f"<p>{_prose(finding.message)}</p>\n{source}{_path(request)}"
        f"<dl>{_details(finding, report.prices_as_of)}</dl>\n</article>\n"
    )


def _path(request: Request | None) -> str:
    steps = path_to(request).steps
    if not steps:
        return ""
    items = (f"<li><code>{_text(place(step.span))}</code> {_prose(step.message)}</li>\n" for step in steps)
    return f"<ol>\n{''.join(items)}</ol>\n"


def _details(finding: Finding, prices_as_of: str) -> str:
    entries = [("confidence", _text(finding.confidence.value))]
    if finding.saving is not None:
        label = "note" if saves_no_money(finding.saving) else "saves"
        entries.append((label, _prose(told(finding.saving, prices_as_of, explain=True))))
        entries += (
            [("assumes", _prose("; ".join(finding.saving.assumptions)))] if finding.saving.assumptions else []
        )
    if finding.advice:
        entries.append(("help", _prose(finding.advice)))
    if (found := repair(finding)) is not None:
        entries.append((found[0], _prose(found[1])))
    return "".join(f"<dt>{label}</dt><dd>{text}</dd>\n" for label, text in entries)


def _prose(text: str) -> str:
    """Escaped text in which `code` is code."""
    parts = _text(text).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def _text(text: str) -> str:
    return escape(printable(text))
