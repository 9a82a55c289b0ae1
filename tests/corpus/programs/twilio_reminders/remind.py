"""Send reminders by text message; long ones are shortened first."""
import csv
import os
import sys

import anthropic
from twilio.rest import Client

FROM = os.environ["TWILIO_NUMBER"]


def shorten(text):
    client = anthropic.Anthropic()
    message = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=80,
        messages=[{"role": "user", "content": "Shorten to 150 characters, keep date and time:\n" + text}],
    )
    return message.content[0].text


def send(number, text):
    client = Client(os.environ["TWILIO_SID"], os.environ["TWILIO_TOKEN"])
    message = client.messages.create(to=number, from_=FROM, body=text)
    return message.sid


def call(number):
    client = Client(os.environ["TWILIO_SID"], os.environ["TWILIO_TOKEN"])
    return client.calls.create(to=number, from_=FROM, url="https://voice.clinic.invalid/reminder.xml")


def main():
    sent = 0
    with open(sys.argv[1], newline="") as fh:
        for row in csv.DictReader(fh):
            text = f"{row['name']}, {row['text']}"
            if len(text) > 160:
                text = shorten(text)
            if row["channel"] == "voice":
                call(row["number"])
            else:
                send(row["number"], text)
            sent += 1
    print(sent, "reminders")


if __name__ == "__main__":
    main()
