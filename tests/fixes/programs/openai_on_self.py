from openai import OpenAI


class Gateway:
    """Keeps its client."""

    def __init__(self, model="gpt-4o"):
        self.model = model
        self.client = OpenAI()

    def ask(self, text):
        reply = self.client.chat.completions.create(model=self.model, messages=[{"role": "user", "content": text}])
        return reply.choices[0].message.content


gateway = Gateway()
print(gateway.ask("Name a bird."), type(gateway.client) is OpenAI, isinstance(gateway.client, OpenAI))
