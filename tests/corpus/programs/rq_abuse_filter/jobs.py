"""Jobs run by ``rq worker comments``."""
import os

import psycopg
from openai import OpenAI

MODEL = os.getenv("ABUSE_MODEL", "gpt-4o")

client = OpenAI()


def judge_comment(comment_id: int) -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        row = db.execute("SELECT body FROM comments WHERE id = %s", (comment_id,)).fetchone()
        if row is None:
            return "gone"
        completion = client.chat.completions.create(
            model=MODEL,
            messages=[
                {
                    "role": "system",
                    "content": "Decide whether the comment is abusive. Answer ok, abusive or unsure.",
                },
                {"role": "user", "content": row[0]},
            ],
            max_tokens=4,
            temperature=0.0,
        )
        verdict = completion.choices[0].message.content.strip().lower()
        if verdict not in ("ok", "abusive"):
            verdict = "unsure"
        db.execute("UPDATE comments SET verdict = %s WHERE id = %s", (verdict, comment_id))
        return verdict
