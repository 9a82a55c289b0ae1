"""Run from cron: decides on open refund requests."""
import json
import sys
from pathlib import Path

from anthropic import Anthropic

from policy.constants import MODEL, OUTCOMES, POLICY

client = Anthropic()

SYSTEM = [
    {"type": "text", "text": "You decide on refunds. Output allow, deny or escalate, nothing else."},
    {"type": "text", "text": POLICY, "cache_control": {"type": "ephemeral"}},
]


def decide(request):
    message = client.messages.create(
        model=MODEL,
        max_tokens=5,
        temperature=0,
        system=SYSTEM,
        messages=[{"role": "user", "content": json.dumps(request, sort_keys=True)}],
    )
    print(message.usage.cache_read_input_tokens, message.usage.input_tokens, file=sys.stderr)
    outcome = message.content[0].text.strip()
    return outcome if outcome in OUTCOMES else "escalate"


def main():
    for path in sorted(Path("open").glob("*.json")):
        request = json.loads(path.read_text())
        request["outcome"] = decide(request)
        Path("decided", path.name).write_text(json.dumps(request))
        path.unlink()


if __name__ == "__main__":
    main()
