import argparse
from pathlib import Path

from fieldreports.llm import report, same_facts


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("notes", nargs="+", type=Path)
    for path in parser.parse_args().notes:
        notes = path.read_text(encoding="utf-8")
        text = report(notes)
        mark = "" if same_facts(notes, text) else "<!-- check the facts -->\n"
        path.with_suffix(".report.md").write_text(mark + text, encoding="utf-8")
