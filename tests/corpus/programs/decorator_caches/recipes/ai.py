import functools
import hashlib

import diskcache
from django.core.cache import cache
from joblib import Memory
from openai import OpenAI

disk = diskcache.Cache("/var/cache/recipes")
memory = Memory("/var/cache/joblib", verbose=0)


@functools.lru_cache(maxsize=1)
def get_client():
    return OpenAI()


@functools.lru_cache(maxsize=4096)
def cuisine(title):
    reply = get_client().chat.completions.create(
        model="gpt-4o",
        temperature=0,
        messages=[{"role": "user", "content": f"Cuisine of the dish {title!r}, one word."}],
    )
    return reply.choices[0].message.content


@disk.memoize(expire=86400)
def shopping_list(recipe):
    reply = get_client().chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Shopping list for:\n" + recipe}]
    )
    return reply.choices[0].message.content


@memory.cache
def vector(text):
    return get_client().embeddings.create(model="text-embedding-3-small", input=text).data[0].embedding


def allergens(recipe):
    def ask():
        reply = get_client().chat.completions.create(
            model="gpt-4o-mini",
            messages=[{"role": "user", "content": "Allergens in this recipe, comma separated:\n" + recipe}],
        )
        return reply.choices[0].message.content

    key = "allergens:" + hashlib.sha1(recipe.encode()).hexdigest()
    return cache.get_or_set(key, ask, timeout=None)


def wine(title):
    reply = get_client().chat.completions.create(
        model="gpt-4o",
        temperature=0,
        messages=[{"role": "user", "content": f"Which kind of wine goes with {title}? red, white or none."}],
    )
    return reply.choices[0].message.content
