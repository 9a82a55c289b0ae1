"""Reads contract pages from SQS and writes their clauses to DynamoDB."""
import json
import logging
import signal

import boto3

log = logging.getLogger("consumer")
QUEUE = "https://sqs.eu-central-1.amazonaws.com/000000000000/pages"
MODEL_ID = "anthropic.claude-3-5-sonnet-20240620-v1:0"

sqs = boto3.client("sqs")
bedrock = boto3.client("bedrock-runtime", region_name="eu-central-1")
table = boto3.resource("dynamodb").Table("clauses")

running = True


def stop(*_):
    global running
    running = False


def clauses(page):
    reply = bedrock.converse(
        modelId=MODEL_ID,
        system=[{"text": "List the clauses of this contract page with their number and a title. JSON only."}],
        messages=[{"role": "user", "content": [{"text": page}]}],
        inferenceConfig={"maxTokens": 1500, "temperature": 0},
    )
    log.info("tokens in=%(inputTokens)d out=%(outputTokens)d", reply["usage"])
    return json.loads(reply["output"]["message"]["content"][0]["text"])


def handle(message):
    body = json.loads(message["Body"])
    for clause in clauses(body["text"]):
        table.put_item(Item={"document": body["document"], **clause})


def main():
    signal.signal(signal.SIGTERM, stop)
    while running:
        batch = sqs.receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        for message in batch.get("Messages", []):
            try:
                handle(message)
            except json.JSONDecodeError:
                log.exception("bad answer")
                continue
            sqs.delete_message(QueueUrl=QUEUE, ReceiptHandle=message["ReceiptHandle"])


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    main()
