#!/usr/bin/env python3
"""Label exported support tickets.

    python triage.py tickets.csv --out labelled.csv
"""
import argparse
import csv
import sys

from openai import OpenAI

client = OpenAI()

LABELS = ["billing", "bug", "feature", "account", "other"]

SYSTEM = (
    "You label support tickets. Answer with exactly one of these words and nothing else: "
    + ", ".join(LABELS)
)


def label_ticket(subject, body):
    resp = client.chat.completions.create(
        model="gpt-4o",
        temperature=0,
        max_tokens=5,
        messages=[
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": f"Subject: {subject}\n\n{body}"},
        ],
    )
    answer = resp.choices[0].message.content.strip().lower()
    return answer if answer in LABELS else "other"


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as fh:
        yield from csv.DictReader(fh)


def main(argv=None):
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("csv")
    ap.add_argument("--out", default="-")
    ap.add_argument("--limit", type=int, default=None)
    args = ap.parse_args(argv)

    out = sys.stdout if args.out == "-" else open(args.out, "w", newline="", encoding="utf-8")
    writer = csv.writer(out)
    writer.writerow(["id", "label"])

    counts = dict.fromkeys(LABELS, 0)
    for i, row in enumerate(read_rows(args.csv)):
        if args.limit is not None and i >= args.limit:
            break
        label = label_ticket(row["subject"], row["body"])
        counts[label] += 1
        writer.writerow([row["id"], label])

    for label, n in sorted(counts.items(), key=lambda kv: -kv[1]):
        print(f"{label:10} {n}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
