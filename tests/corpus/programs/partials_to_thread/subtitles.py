"""Translate subtitle files."""
import asyncio
import functools
import sys
from pathlib import Path

import anthropic
from openai import OpenAI

openai_client = OpenAI()
claude = anthropic.Anthropic()

translate = functools.partial(
    claude.messages.create,
    model="claude-sonnet-4-6",
    max_tokens=4000,
    system="Translate the subtitles into Finnish. Keep numbers and time codes.",
)
ask_cheap = functools.partial(openai_client.chat.completions.create, model="gpt-4o-mini", temperature=0)


async def blocks(text):
    chunks = text.split("\n\n")
    return ["\n\n".join(chunks[i : i + 40]) for i in range(0, len(chunks), 40)]


async def one_file(path):
    loop = asyncio.get_running_loop()
    out = []
    for block in await blocks(path.read_text(encoding="utf-8")):
        reply = await loop.run_in_executor(
            None, lambda: translate(messages=[{"role": "user", "content": block}])
        )
        out.append(reply.content[0].text)
    joined = "\n\n".join(out)
    checked = await asyncio.to_thread(
        openai_client.chat.completions.create,
        model="gpt-4o",
        max_tokens=1,
        messages=[{"role": "user", "content": f"Is this complete Finnish? 1 or 0.\n{joined[-2000:]}"}],
    )
    if checked.choices[0].message.content != "1":
        print("check", path.name, file=sys.stderr)
    path.with_suffix(".fi.srt").write_text(joined, encoding="utf-8")


def speaker_names(text):
    reply = ask_cheap(messages=[{"role": "user", "content": "Names of the speakers:\n" + text[:4000]}])
    return reply.choices[0].message.content


async def main(folder):
    paths = list(Path(folder).glob("*.srt"))
    await asyncio.gather(*map(one_file, paths))
    for path in paths[:1]:
        print(speaker_names(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
