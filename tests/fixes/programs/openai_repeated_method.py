from openai import OpenAI


class Judge:
    def __init__(self):
        self.client = OpenAI()

    @staticmethod
    def prompt(text):
        return "Is this spam, yes or no: " + text

    def is_spam(self, text: str) -> str:
        reply = self.client.chat.completions.create(
            model="gpt-4o-mini", temperature=0, max_tokens=90, messages=[{"role": "user", "content": self.prompt(text)}]
        )
        return reply.choices[0].message.content


judge = Judge()
print([judge.is_spam(text) for text in ("win", "hello", "win")])
