"""python -m desk.nightly claims.jsonl"""
import json
import sys

from desk.agents import refunds


def decide(claims):
    spent = 0
    for claim in claims:
        result = refunds.run_sync(claim["text"])
        spent += result.usage().total_tokens
        yield claim["id"], result.output
    print("tokens", spent, file=sys.stderr)


if __name__ == "__main__":
    with open(sys.argv[1]) as fh:
        for claim_id, verdict in decide(map(json.loads, fh)):
            print(claim_id, verdict.refund, verdict.reason)
