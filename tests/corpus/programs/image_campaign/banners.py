import argparse
import base64
import csv
from pathlib import Path

from openai import OpenAI

client = OpenAI()

SIZES = ["1024x1024", "1536x1024", "1024x1536"]
STYLES = {}


def style(name):
    def register(fn):
        STYLES[name] = fn
        return fn

    return register


@style("flat")
def flat(subject):
    return f"Flat vector illustration of {subject}, two colours, no text"


@style("photo")
def photo(subject):
    return f"Studio photograph of {subject} on a white table"


def save(result, target):
    Path(target).write_bytes(base64.b64decode(result.data[0].b64_json))


def hero(subject, make_prompt):
    for size in SIZES:
        result = client.images.generate(model="gpt-image-1", prompt=make_prompt(subject), size=size)
        save(result, f"hero-{size}.png")


def products(sheet, make_prompt):
    with open(sheet, newline="") as fh:
        for row in csv.DictReader(fh):
            result = client.images.generate(
                model="gpt-image-1", prompt=make_prompt(row["name"]), size="1024x1024", quality="low"
            )
            save(result, f"product-{row['sku']}.png")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--hero")
    ap.add_argument("--sheet")
    ap.add_argument("--style", choices=sorted(STYLES), default="flat")
    ns = ap.parse_args()
    make_prompt = STYLES[ns.style]
    if ns.hero:
        hero(ns.hero, make_prompt)
    if ns.sheet:
        products(ns.sheet, make_prompt)


if __name__ == "__main__":
    main()
