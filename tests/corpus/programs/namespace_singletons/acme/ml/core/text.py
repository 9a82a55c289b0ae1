from .clients import chat_client
from .env import MODEL


def complete(prompt, *, model=MODEL, **kw):
    answer = chat_client().chat.completions.create(
        model=model, messages=[{"role": "user", "content": prompt}], **kw
    )
    return answer.choices[0].message.content
