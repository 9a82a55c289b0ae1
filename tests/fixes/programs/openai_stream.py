from openai import OpenAI

client = OpenAI()
stream = client.chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Tell a short tale."}],
    stream=True,
    stream_options={"include_usage": True},
)
print("".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices))
