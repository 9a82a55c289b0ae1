"""Sort support tickets and answer the common ones."""

from pathlib import Path

from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()


def ask(prompt, **options):
    reply = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": prompt}], **options
    )
    return reply.choices[0].message.content


def is_urgent(ticket):
    answer = client.chat.completions.create(
        model="gpt-4o",
        max_tokens=3,
        temperature=0,
        messages=[{"role": "user", "content": f"Is this ticket urgent? Answer yes or no.\n{ticket}"}],
    )
    return answer.choices[0].message.content.strip().lower() == "yes"


@app.get("/greeting")
def greeting():
    return ask("Write a friendly greeting for our help page.")


if __name__ == "__main__":
    tickets = Path("tickets.txt").read_text().split("\n")
    print(sum(is_urgent(ticket) for ticket in tickets), "urgent tickets")
