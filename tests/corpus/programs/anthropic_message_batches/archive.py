"""Describe museum objects over night."""
import json
import sys
import time

import anthropic
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from anthropic.types.messages.batch_create_params import Request

client = anthropic.Anthropic()
MODEL = "claude-sonnet-5-5"
GUIDE = "Describe the object for the catalogue: material, period, condition. Three sentences."


def params(record):
    return MessageCreateParamsNonStreaming(
        model=MODEL,
        max_tokens=300,
        system=GUIDE,
        messages=[{"role": "user", "content": json.dumps(record)}],
    )


def estimate(record):
    count = client.messages.count_tokens(
        model=MODEL, system=GUIDE, messages=[{"role": "user", "content": json.dumps(record)}]
    )
    return count.input_tokens


def wait(batch_id):
    while (batch := client.messages.batches.retrieve(batch_id)).processing_status != "ended":
        print(batch.request_counts.processing, "to go", file=sys.stderr)
        time.sleep(120)


def main():
    records = {r["id"]: r for r in map(json.loads, open(sys.argv[1]))}
    print("about", estimate(next(iter(records.values()))) * len(records), "input tokens", file=sys.stderr)
    batch = client.messages.batches.create(
        requests=[Request(custom_id=key, params=params(record)) for key, record in records.items()]
    )
    wait(batch.id)
    total = 0
    for entry in client.messages.batches.results(batch.id):
        if entry.result.type == "succeeded":
            message = entry.result.message
        else:
            message = client.messages.create(**params(records[entry.custom_id]))
        total += message.usage.output_tokens
        print(entry.custom_id, message.content[0].text, sep="\t")
    print(total, "output tokens", file=sys.stderr)


if __name__ == "__main__":
    main()
