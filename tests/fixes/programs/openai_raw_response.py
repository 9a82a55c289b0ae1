from openai import OpenAI

client = OpenAI()
raw = client.chat.completions.with_raw_response.create(
    model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a moon."}]
)
print(raw.status_code, raw.parse().choices[0].message.content)
