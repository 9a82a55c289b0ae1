"""Transcribe ~/voice/*.m4a and file the text."""
from pathlib import Path

from openai import OpenAI

oai = OpenAI()
INBOX = Path.home() / "voice"
ARCHIVE = Path.home() / "notes"
FOLDERS = {"work", "garden", "family", "ideas"}


def transcribe(audio: Path) -> str:
    with audio.open("rb") as fh:
        return oai.audio.transcriptions.create(model="whisper-1", file=fh, response_format="text")


def folder_for(text: str) -> str:
    reply = oai.responses.create(
        model="gpt-5",
        instructions=f"Choose the folder for a note. Answer with one of {sorted(FOLDERS)}.",
        input=text,
        max_output_tokens=16,
    )
    name = reply.output_text.strip().lower()
    return name if name in FOLDERS else "ideas"


def read_aloud(text: str, target: Path) -> None:
    speech = oai.audio.speech.create(model="tts-1", voice="alloy", input=text[:4000])
    speech.write_to_file(target)


def main() -> None:
    spoken = []
    for audio in sorted(INBOX.glob("*.m4a")):
        target = audio.with_suffix(".txt")
        if target.exists():
            continue
        text = transcribe(audio)
        target.write_text(text, encoding="utf-8")
        folder = ARCHIVE / folder_for(text)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / target.name).write_text(text, encoding="utf-8")
        spoken.append(f"{audio.stem}: {text[:80]}")
    if spoken:
        read_aloud("New notes. " + ". ".join(spoken), ARCHIVE / "latest.mp3")


if __name__ == "__main__":
    main()
