from fastapi import FastAPI

from svc import letters, telemetry

telemetry.start()
app = FastAPI()


@app.post("/letters")
async def letter(text: str):
    return {
        "subject": await letters.subject(text),
        "formal": await letters.rewrite(text),
        "answer": await letters.answer(text),
    }
