"""Write search titles for the archive through the Batch API.

    python batch_titles.py submit articles.jsonl
    python batch_titles.py collect batch_abc
"""
import json
import sys
import time
from pathlib import Path

from openai import OpenAI

client = OpenAI()
MODEL = "gpt-4.1-mini"
INSTRUCTION = "Write a title of at most 70 characters for this archive item."


def request_line(article):
    return {
        "custom_id": article["id"],
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {
            "model": MODEL,
            "max_tokens": 40,
            "messages": [
                {"role": "system", "content": INSTRUCTION},
                {"role": "user", "content": article["text"]},
            ],
        },
    }


def submit(path):
    target = Path("requests.jsonl")
    with target.open("w", encoding="utf-8") as out:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            out.write(json.dumps(request_line(json.loads(line))) + "\n")
    uploaded = client.files.create(file=target.open("rb"), purpose="batch")
    batch = client.batches.create(
        input_file_id=uploaded.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    print(batch.id)


def collect(batch_id):
    while True:
        batch = client.batches.retrieve(batch_id)
        if batch.status in {"completed", "failed", "expired", "cancelled"}:
            break
        print(batch.status, batch.request_counts, file=sys.stderr)
        time.sleep(60)
    if batch.status != "completed":
        raise SystemExit(batch.status)
    content = client.files.content(batch.output_file_id)
    tokens = 0
    for line in content.text.splitlines():
        record = json.loads(line)
        body = record["response"]["body"]
        tokens += body["usage"]["total_tokens"]
        print(record["custom_id"], body["choices"][0]["message"]["content"], sep="\t")
    print(tokens, "tokens", file=sys.stderr)


if __name__ == "__main__":
    {"submit": submit, "collect": collect}[sys.argv[1]](sys.argv[2])
