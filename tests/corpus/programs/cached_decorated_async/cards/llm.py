import functools
import json

from async_lru import alru_cache
from langsmith import wrappers
from openai import AsyncOpenAI

client = wrappers.wrap_openai(AsyncOpenAI())


def llm_json(model):
    """Turn a function that builds a prompt into one that returns the parsed answer."""

    def outer(build):
        @functools.wraps(build)
        async def inner(*args):
            response = await client.chat.completions.create(
                model=model,
                response_format={"type": "json_object"},
                temperature=0,
                messages=[{"role": "user", "content": build(*args)}],
            )
            return json.loads(response.choices[0].message.content)

        return inner

    return outer


@alru_cache(maxsize=1000)
async def hint(word):
    completions = getattr(client.chat, "completions")
    response = await completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": f"A hint for the word {word}, without the word."}]
    )
    return response.choices[0].message.content


@llm_json("gpt-4o-mini")
def classify(word):
    return f'Part of speech and level of {word!r} as JSON with the keys "pos" and "level".'
