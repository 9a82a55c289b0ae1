"""Facts for the town wiki."""
import hashlib
import json
import shelve
from pathlib import Path

from google import genai

client = genai.Client()
CACHE_DIR = Path("var/cache")
_summaries = {}


def _generate(prompt, model):
    return client.models.generate_content(model=model, contents=prompt).text


def summary(name):
    if name not in _summaries:
        _summaries[name] = client.models.generate_content(
            model="gemini-2.5-pro", contents=f"Two sentences on the street {name} in our town."
        ).text
    return _summaries[name]


def etymology(name):
    with shelve.open("var/etymology") as db:
        try:
            return db[name]
        except KeyError:
            response = client.models.generate_content(
                model="gemini-2.5-pro", contents=f"Where does the street name {name} come from?"
            )
            db[name] = response.text
            return response.text


def coordinates(name):
    path = CACHE_DIR / (hashlib.md5(name.encode()).hexdigest() + ".json")
    if path.is_file():
        return json.loads(path.read_text())
    raw = _generate(f"Latitude and longitude of {name}, as a JSON list.", "gemini-2.5-pro")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(raw)
    return json.loads(raw)


def headline():
    """The sentence on top of the start page."""
    response = client.models.generate_content(
        model="gemini-2.5-pro",
        contents="Translate 'Our town and its streets' into Latin. Only the translation.",
        config={"temperature": 0},
    )
    return response.text
