from pathlib import Path

from . import LLM


def blurb(book: Path) -> str:
    """A text for the back cover."""
    return LLM("anthropic").generate("Write an original blurb for this book:\n" + book.read_text()[:8000])
