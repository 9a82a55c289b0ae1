"""Functions whose body is a prompt."""
import functools
import inspect
import time

from openai import OpenAI

_client = OpenAI()


def prompt(model="gpt-4o", temperature=0.0, max_tokens=None):
    """The decorated function returns the text to send; calling it returns the answer."""

    def decorate(fn):
        system = inspect.getdoc(fn)

        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            reply = _client.chat.completions.create(
                model=model,
                temperature=temperature,
                max_tokens=max_tokens,
                messages=[
                    {"role": "system", "content": system},
                    {"role": "user", "content": fn(*args, **kwargs)},
                ],
            )
            return reply.choices[0].message.content

        return wrapper

    return decorate


def timed(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        started = time.perf_counter()
        try:
            return fn(*args, **kwargs)
        finally:
            print(f"{fn.__name__}: {time.perf_counter() - started:.2f}s")

    return wrapper


def retrying(times=3):
    def decorate(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return fn(*args, **kwargs)
                except Exception:
                    if attempt == times - 1:
                        raise
                    time.sleep(attempt + 1)

        return wrapper

    return decorate
