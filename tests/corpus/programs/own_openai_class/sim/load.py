import subprocess
import time

from faker import Faker
from invoke import task

from .openai import OpenAI

fake = Faker()


def conversation(client, length):
    for _ in range(length):
        text = fake.sentence()
        yield client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])


@task
def load(ctx, users=50):
    """Run the load test: ``invoke load --users 200``."""
    client = OpenAI()
    started = time.perf_counter()
    done = sum(1 for _ in range(users) for _ in conversation(client, 10))
    ctx.run("docker stats --no-stream")
    subprocess.run(["sync"], check=True)
    print(f"{done / (time.perf_counter() - started):.0f} messages a second")


class Report:
    def __init__(self, engine):
        self.engine = engine

    def generate(self, name):
        return self.engine.complete(name, prompt=f"report {name}")
