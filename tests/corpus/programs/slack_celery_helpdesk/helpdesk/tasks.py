import os

import requests
from celery import shared_task
from celery.schedules import crontab

from helpdesk import ai
from helpdesk.celery import app
from helpdesk.db import session, Ticket


@shared_task(autoretry_for=(requests.ConnectionError,), retry_backoff=True)
def answer(question, response_url):
    text = ai.suggest(question)
    requests.post(response_url, json={"text": text, "response_type": "in_channel"}, timeout=5)


@app.task
def prioritise_open():
    client = ai.make_client()
    with session() as db:
        for ticket in db.query(Ticket).filter(Ticket.priority.is_(None)).all():
            ticket.priority = ai.priority(client, ticket.text)


app.conf.beat_schedule = {"prioritise": {"task": prioritise_open.name, "schedule": crontab(minute="*/15")}}
