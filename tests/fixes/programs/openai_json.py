import json

from openai import OpenAI

client = OpenAI()
reply = client.chat.completions.create(
    model="gpt-4o-mini",
    response_format={"type": "json_object"},
    messages=[{"role": "user", "content": "As JSON: a colour."}],
)
print(repr(reply.choices[0].message.content), json.dumps(reply.model_dump()["choices"], sort_keys=True))
