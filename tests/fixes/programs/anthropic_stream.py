from anthropic import Anthropic

client = Anthropic()
with client.messages.stream(
    model="claude-haiku-4-5", max_tokens=60, messages=[{"role": "user", "content": "Count."}]
) as stream:
    print("".join(stream.text_stream))
