import logging
import os

from mistralai import Mistral

log = logging.getLogger(__name__)


def make_client():
    return Mistral(api_key=os.environ["MISTRAL_API_KEY"])


def suggest(question: str) -> str:
    client = make_client()
    res = client.chat.complete(
        model="mistral-small-latest",
        messages=[
            {"role": "system", "content": "You answer questions on office printers. Be brief."},
            {"role": "user", "content": question},
        ],
    )
    log.info("usage %s", res.usage.model_dump())
    return res.choices[0].message.content


def priority(client, text: str) -> str:
    res = client.chat.complete(
        model="mistral-large-latest",
        temperature=0,
        max_tokens=2,
        messages=[{"role": "user", "content": f"Priority of this ticket: low, normal or high?\n{text}"}],
    )
    word = res.choices[0].message.content.strip().lower()
    return word if word in ("low", "high") else "normal"
