"""Entry point of the nightly job: ``python -m pressclip.daily``."""
import smtplib
import time
from email.message import EmailMessage
from pathlib import Path

import schedule
from anthropic import Anthropic

from pressclip.writer import Writer

FEEDS = Path("/etc/pressclip/feeds.txt")


def send_digest() -> None:
    writer = Writer(Anthropic())
    clips = writer.digest(FEEDS.read_text().split())
    mail = EmailMessage()
    mail["Subject"] = "Press clippings"
    mail["To"] = "staff@pressclip.invalid"
    mail.set_content("\n\n".join("\n".join(lines) for lines in clips.values()))
    with smtplib.SMTP("localhost") as smtp:
        smtp.send_message(mail)


schedule.every().day.at("05:30").do(send_digest)

if __name__ == "__main__":
    while True:
        schedule.run_pending()
        time.sleep(30)
