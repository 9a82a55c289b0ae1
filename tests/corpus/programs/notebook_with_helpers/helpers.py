"""Shared by the notebooks."""
import os

import requests

URL = os.getenv("LLM_URL", "https://api.mistral.ai/v1/chat/completions")


def complete(prompt, model="mistral-large-latest", **params):
    response = requests.post(
        URL,
        headers={"Authorization": "Bearer " + os.environ["MISTRAL_API_KEY"]},
        json={"model": model, "messages": [{"role": "user", "content": prompt}], **params},
        timeout=60,
    )
    response.raise_for_status()
    return response.json()["choices"][0]["message"]["content"]
