import os
from dataclasses import dataclass, field

from openai import OpenAI
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

app = App(token=os.environ["SLACK_BOT_TOKEN"])


@dataclass
class Digester:
    model: str = "gpt-4.1"
    client: OpenAI = field(default_factory=OpenAI)

    def thread(self, messages: list[str]) -> str:
        joined = "\n".join(messages)
        result = self.client.chat.completions.create(
            model=self.model,
            messages=[
                {"role": "system", "content": "Sum up this thread in two sentences. Name decisions."},
                {"role": "user", "content": joined},
            ],
        )
        return result.choices[0].message.content


digester = Digester()


def threads_of(client, channel):
    history = client.conversations_history(channel=channel, limit=200)
    for message in history["messages"]:
        if message.get("reply_count"):
            replies = client.conversations_replies(channel=channel, ts=message["thread_ts"])
            yield message["ts"], [reply["text"] for reply in replies["messages"]]


@app.command("/digest")
def digest(ack, command, client):
    ack()
    lines = []
    for ts, texts in threads_of(client, command["channel_id"]):
        link = client.chat_getPermalink(channel=command["channel_id"], message_ts=ts)["permalink"]
        lines.append(f"• <{link}|thread>: {digester.thread(texts)}")
    client.chat_postMessage(channel=command["user_id"], text="\n".join(lines) or "nothing new")


@app.event("app_mention")
def mention(event, say):
    say("Use /digest")


if __name__ == "__main__":
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
