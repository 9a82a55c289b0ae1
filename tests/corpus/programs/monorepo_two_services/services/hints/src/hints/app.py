from fastapi import FastAPI

from hints.llm import complete

app = FastAPI()

# shown to users who want to call a model themselves
EXAMPLE = """
from groq import Groq
Groq().chat.completions.create(model="openai/gpt-oss-120b", messages=[])
"""


@app.get("/example")
def example():
    return {"python": EXAMPLE}


@app.post("/hint")
async def hint(code: str, error: str):
    return {"hint": await complete(f"One hint, not the solution.\nError: {error}\nCode:\n{code}")}
