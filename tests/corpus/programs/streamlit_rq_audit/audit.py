"""The job itself; rq imports this module in the worker."""
from google import genai

client = genai.Client()

RISKS = ("none", "payment", "liability", "termination")


def risk(page: str) -> str:
    response = client.models.generate_content(
        model="gemini-2.5-pro",
        contents=f"Which risk does the page contain? One of {', '.join(RISKS)}. One word.\n\n{page}",
        config={"temperature": 0, "max_output_tokens": 5},
    )
    word = (response.text or "").strip().lower()
    return word if word in RISKS else "none"


def audit_document(text: str) -> list[dict]:
    found = []
    for number, page in enumerate(text.split("\f"), 1):
        if (kind := risk(page)) != "none":
            found.append({"page": number, "risk": kind})
    return found
