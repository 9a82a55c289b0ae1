from datetime import date
from decimal import Decimal

from celery import Celery, group
from openai import OpenAI, RateLimitError
from pydantic import BaseModel

from storage import documents

app = Celery("invoices", broker="redis://localhost")
client = OpenAI()


class Line(BaseModel):
    text: str
    amount: Decimal


class Invoice(BaseModel):
    number: str
    issued: date
    total: Decimal
    currency: str
    lines: list[Line]


PROMPT = """Extract the fields of the invoice. Amounts without thousands separators.
Use null for what is not printed on the page."""


@app.task(bind=True, max_retries=5, acks_late=True)
def extract(self, document_id: str) -> dict:
    document = documents.get(document_id)
    try:
        completion = client.with_options(timeout=90).beta.chat.completions.parse(
            model="gpt-4o-2024-08-06",
            temperature=0,
            messages=[
                {"role": "system", "content": PROMPT},
                {"role": "user", "content": document.text},
            ],
            response_format=Invoice,
        )
    except RateLimitError as error:
        raise self.retry(exc=error, countdown=30)
    invoice = completion.choices[0].message.parsed
    documents.update(document_id, invoice=invoice.model_dump(mode="json"))
    return {"id": document_id, "total": str(invoice.total)}


@app.task
def extract_all() -> int:
    pending = [document.id for document in documents.pending()]
    group(extract.s(identifier) for identifier in pending).apply_async()
    return len(pending)
