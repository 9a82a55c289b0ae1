import asyncio
import json
import sys
from pathlib import Path

from anthropic import Anthropic
from openai import AsyncOpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument()

fast = AsyncOpenAI()
careful = Anthropic()


async def worker(queue: asyncio.Queue, results: dict) -> None:
    while True:
        name, text = await queue.get()
        try:
            response = await fast.responses.create(model="gpt-4.1-mini", input="Translate into Dutch:\n" + text)
            results[name] = response.output_text
        finally:
            queue.task_done()


async def translate_all(texts: dict[str, str]) -> dict[str, str]:
    queue, results = asyncio.Queue(), {}
    for item in texts.items():
        queue.put_nowait(item)
    workers = [asyncio.create_task(worker(queue, results)) for _ in range(5)]
    await queue.join()
    for task in workers:
        task.cancel()
    return results


async def translate_novel(chapters: list[str]) -> list[str]:
    """Chapter after chapter; names found so far go into the next prompt."""
    glossary: dict[str, str] = {}
    out = []
    for chapter in chapters:
        prompt = (
            f"Glossary: {json.dumps(glossary)}\nTranslate into Dutch. After the line === print the "
            f"glossary with new names added, as JSON.\n\n{chapter}"
        )
        message = await asyncio.to_thread(
            careful.messages.create,
            model="claude-opus-5-5",
            max_tokens=16000,
            messages=[{"role": "user", "content": prompt}],
        )
        text, _, names = message.content[0].text.partition("===")
        glossary = json.loads(names)
        out.append(text)
    return out


async def main(mode: str, folder: str) -> None:
    texts = {path.name: path.read_text() for path in sorted(Path(folder).glob("*.txt"))}
    if mode == "novel":
        print("\n\n".join(await translate_novel(list(texts.values()))))
    else:
        print(json.dumps(await translate_all(texts), ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
