import os

import anthropic
import requests
from openai import OpenAI

os.environ["GROQ_API_KEY"] = "{{key:groq}}"
ANTHROPIC_KEY = os.getenv("ANTHROPIC_API_KEY", "{{key:anthropic-api}}")

oai = OpenAI(api_key="{{key:openai-legacy}}")
claude = anthropic.Anthropic(api_key=ANTHROPIC_KEY)
local = OpenAI(base_url="http://localhost:1234/v1", api_key="lm-studio")


def poem(topic):
    return oai.responses.create(model="gpt-4o-mini", input=f"A poem about {topic}").output_text


def critique(text):
    reply = claude.messages.create(
        model="claude-haiku-4-5", max_tokens=300, messages=[{"role": "user", "content": "Criticise this poem:\n" + text}]
    )
    return reply.content[0].text


def fast(text):
    reply = requests.post(
        "https://api.groq.com/openai/v1/chat/completions",
        headers={"Authorization": "Bearer {{key:groq}}"},
        json={"model": "llama-3.1-8b-instant", "messages": [{"role": "user", "content": text}]},
        timeout=30,
    )
    return reply.json()["choices"][0]["message"]["content"]


def offline(text):
    reply = local.chat.completions.create(model="gemma", messages=[{"role": "user", "content": text}])
    return reply.choices[0].message.content


if __name__ == "__main__":
    draft = poem("rain on a tin roof")
    print(draft, critique(draft), fast("A title for:\n" + draft), sep="\n\n")
