import os
import sqlite3

from mistralai import Mistral

mistral = Mistral(api_key=os.environ["MISTRAL_API_KEY"])

TAGS = ("liability", "term", "payment", "secrecy", "none")


def tag_response(clause: str):
    return mistral.chat.complete(
        model="mistral-large-latest",
        temperature=0,
        max_tokens=6,
        messages=[
            {"role": "system", "content": "Choose one tag: " + ", ".join(TAGS) + ". Reply with the tag only."},
            {"role": "user", "content": clause},
        ],
    )


def explain(db: sqlite3.Connection, clause_id: int, clause: str) -> str:
    row = db.execute("SELECT text FROM explanations WHERE clause_id = ?", (clause_id,)).fetchone()
    if row:
        return row[0]
    response = mistral.chat.complete(
        model="mistral-medium-latest",
        messages=[{"role": "user", "content": "Explain this clause to a layperson:\n" + clause}],
    )
    text = response.choices[0].message.content
    db.execute("INSERT INTO explanations VALUES (?, ?)", (clause_id, text))
    return text


def main() -> None:
    db = sqlite3.connect("contracts.db")
    rows = db.execute("SELECT id, text FROM clauses").fetchall()
    answers = [(clause_id, tag_response(text)) for clause_id, text in rows]
    for clause_id, answer in answers:
        tag = answer.choices[0].message.content.strip()
        db.execute("UPDATE clauses SET tag = ? WHERE id = ?", (tag if tag in TAGS else "none", clause_id))
        db.execute(
            "INSERT INTO llm_usage VALUES (datetime('now'), ?, ?)",
            (answer.usage.prompt_tokens, answer.usage.completion_tokens),
        )
    for clause_id, text in rows:
        if "liab" in text:
            print(clause_id, explain(db, clause_id, text))
    db.commit()


if __name__ == "__main__":
    main()
