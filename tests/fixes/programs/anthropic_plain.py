from anthropic import Anthropic

client = Anthropic()
print(client.messages.create(model="claude-haiku-4-5", max_tokens=60, messages=[{"role": "user", "content": "Name a flower."}]).content[0].text)
