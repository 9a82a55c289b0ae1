"""python -m copydesk.proofread chapter*.txt"""
import sys
from pathlib import Path

from copydesk import LLM

STYLE = "You are a copy editor. Correct spelling and grammar, keep the author's voice, change nothing else."


def proofread(llm: LLM, text: str) -> str:
    return llm.generate(text, system=STYLE)


def main() -> None:
    llm = LLM()
    for name in sys.argv[1:]:
        path = Path(name)
        paragraphs = path.read_text(encoding="utf-8").split("\n\n")
        corrected = [proofread(llm, paragraph) for paragraph in paragraphs if paragraph.strip()]
        path.with_suffix(".corrected.txt").write_text("\n\n".join(corrected), encoding="utf-8")


if __name__ == "__main__":
    main()
