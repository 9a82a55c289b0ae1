import os

from slack_bolt import App

from helpdesk.tasks import answer

bolt = App(token=os.environ["SLACK_BOT_TOKEN"], signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@bolt.command("/printer")
def printer(ack, command):
    ack("one moment")
    answer.delay(command["text"], command["response_url"])
