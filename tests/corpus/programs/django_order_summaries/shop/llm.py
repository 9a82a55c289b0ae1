"""The only place of the shop that talks to a model."""
from django.conf import settings
from openai import OpenAI

_client = None


def client():
    global _client
    if _client is None:
        _client = OpenAI(api_key=settings.OPENAI_API_KEY, max_retries=4)
    return _client


def summarise(text, words=60):
    """A summary of ``text`` in about ``words`` words."""
    completion = client().chat.completions.create(
        model=getattr(settings, "SUMMARY_MODEL", "gpt-4o-mini"),
        messages=[
            {"role": "system", "content": f"Summarise the order history in at most {words} words."},
            {"role": "user", "content": text},
        ],
    )
    return completion.choices[0].message.content
