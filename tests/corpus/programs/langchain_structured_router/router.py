"""Routes citizens' mail. Called every ten minutes by cron."""
import asyncio
import imaplib
from email import message_from_bytes
from typing import Literal

from langchain_anthropic import ChatAnthropic
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field


class Route(BaseModel):
    office: Literal["waste", "parking", "registry", "other"]
    urgent: bool = Field(description="whether somebody is in danger")


router = (
    ChatPromptTemplate.from_messages(
        [("system", "Route the mail to the right office."), ("human", "{subject}\n\n{body}")]
    )
    | ChatOpenAI(model="gpt-4.1", temperature=0).with_structured_output(Route)
)

trim = RunnableLambda(lambda mail: {**mail, "body": mail["body"][:4000]})
pipeline = trim | router

reply_model = ChatAnthropic(model="claude-sonnet-4-6", max_tokens=700).with_retry(stop_after_attempt=3)
reply_prompt = ChatPromptTemplate.from_template(
    "Draft a reply to this letter for the {office} office. Polite, no promises.\n\n{body}"
)
draft = reply_prompt | reply_model


def unread():
    box = imaplib.IMAP4_SSL("mail.town.invalid")
    box.select("INBOX")
    _, data = box.search(None, "UNSEEN")
    for number in data[0].split():
        _, parts = box.fetch(number, "(RFC822)")
        mail = message_from_bytes(parts[0][1])
        yield {"subject": mail["Subject"], "body": str(mail.get_payload())}


async def drafts(mails, routes):
    answers = await asyncio.gather(
        *[draft.ainvoke({"office": r.office, "body": m["body"]}) for m, r in zip(mails, routes)]
    )
    return [answer.content for answer in answers]


def main():
    mails = list(unread())
    routes = pipeline.batch(mails)
    for mail, route, text in zip(mails, routes, asyncio.run(drafts(mails, routes))):
        print(route.office, "URGENT" if route.urgent else "", mail["subject"], text[:60], sep=" | ")


if __name__ == "__main__":
    main()
