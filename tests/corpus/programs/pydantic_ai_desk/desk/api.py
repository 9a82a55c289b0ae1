from collections import defaultdict

from fastapi import FastAPI

from desk.agents import Deps, support

app = FastAPI()
conversations = defaultdict(list)


@app.post("/chat/{session}")
async def chat(session: str, text: str, customer: str):
    result = await support.run(
        text, deps=Deps(customer=customer, plan="fibre"), message_history=conversations[session]
    )
    conversations[session] = result.all_messages()
    return {"answer": result.output}
