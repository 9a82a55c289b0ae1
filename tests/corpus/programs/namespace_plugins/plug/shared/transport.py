import openai


class Transport:
    defaults = {"temperature": 0, "seed": 7}

    def __init__(self, **options):
        self.options = {**self.defaults, **options}
        self.api = openai.OpenAI()

    def send(self, text, **more):
        request = dict(self.options)
        request |= more
        request["messages"] = [{"role": "user", "content": text}]
        answer = self.api.chat.completions.create(**request)
        return answer.choices[0].message.content
