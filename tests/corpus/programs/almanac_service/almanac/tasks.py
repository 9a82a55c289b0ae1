from celery import Celery

from almanac.llm import season

app = Celery("almanac")


@app.task
def label_entry(text: str) -> str:
    return season(text)
