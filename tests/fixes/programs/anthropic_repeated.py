from anthropic import Anthropic

client = Anthropic()


def topic(text: str) -> str:
    return client.messages.create(model="claude-haiku-4-5", max_tokens=60, messages=[{"role": "user", "content": "One word, the topic of: " + text}]).content[0].text


print([topic(text) for text in ("rain", "sun", "rain", "rain")])
