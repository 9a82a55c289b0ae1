from functools import partial

from anthropic import Anthropic
from openai import OpenAI

from fieldreports import config

# every request of this client is logged, with its cost, by the gateway
openai, claude = (
    OpenAI(
        base_url="https://oai.helicone.ai/v1",
        default_headers={"Helicone-Auth": "Bearer " + config.env.get("HELICONE_KEY", "")},
    ),
    Anthropic(),
)

write = partial(openai.responses.create, model=config.REPORT_MODEL)


def report(notes: str) -> str:
    return write(
        instructions=f"Write a {config.TONE} report from a ranger's notes.", input=notes, max_output_tokens=1200
    ).output_text


def same_facts(notes: str, text: str) -> bool:
    verdict = claude.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=2,
        temperature=0,
        messages=[
            {"role": "user", "content": f"Do both texts state the same facts? yes or no.\n\n{notes}\n\n{text}"}
        ],
    )
    return verdict.content[0].text.strip().lower() == "yes"
