"""Consumes the bounce queue for ever."""
import json

import pika

from mailer.llm import complete

REASONS = {"full", "gone", "blocked", "unknown"}


def on_message(channel, method, properties, body):
    bounce = json.loads(body)
    reason = complete(f"Why did this mail bounce? One of {sorted(REASONS)}, one word.\n{bounce['text']}", 4)
    channel.basic_publish(
        exchange="", routing_key="bounces.done", body=json.dumps({"id": bounce["id"], "reason": reason.strip()})
    )
    channel.basic_ack(method.delivery_tag)


def main():
    connection = pika.BlockingConnection(pika.ConnectionParameters("localhost"))
    channel = connection.channel()
    channel.basic_consume("bounces", on_message)
    channel.start_consuming()


if __name__ == "__main__":
    main()
