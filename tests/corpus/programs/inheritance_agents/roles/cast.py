from roles.base import Role


class Baker(Role):
    system = "You are a baker who talks about nothing but bread."


class Judge(Role):
    model = "claude-opus-5-5"
    system = "You are a judge. You think aloud and then decide."

    def reply(self, text: str) -> str:
        verdict = super().reply(f"The case: {text}")
        return verdict.rsplit("\n", 1)[-1]


class Parrot(Role):
    system = ""

    def reply(self, text: str) -> str:
        return text + "! " + text.split()[-1] + "!"


class Translator(Role):
    system = "You translate."

    def reply(self, text: str) -> str:
        message = self.client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=400,
            messages=[{"role": "user", "content": f"Translate into Old English:\n{text}"}],
        )
        return message.content[0].text
