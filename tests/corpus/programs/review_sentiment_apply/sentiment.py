import json
import pathlib

import anthropic
import pandas as pd

DATA = pathlib.Path("data/reviews.parquet")

anth = anthropic.Anthropic()


def ask(text, system="", max_tokens=300):
    msg = anth.messages.create(
        model="claude-sonnet-4-5",
        max_tokens=max_tokens,
        system=system,
        messages=[{"role": "user", "content": text}],
    )
    return msg.content[0].text


def sentiment(review):
    answer = ask(
        "Classify the sentiment of this hotel review as positive, negative or mixed. "
        "One word only.\n\n" + review,
        max_tokens=4,
    )
    return answer.strip().lower()


def aspects(row):
    raw = ask(
        f"Which aspects does this review of {row.hotel} mention? Return a JSON list of strings.\n\n{row.text}"
    )
    try:
        return json.loads(raw)
    except ValueError:
        return []


def run():
    df = pd.read_parquet(DATA)
    df = df[df["text"].str.len() > 20].copy()

    df["sentiment"] = df["text"].apply(sentiment)
    df["aspects"] = df.apply(lambda r: aspects(r), axis=1)

    share = df.groupby("hotel")["sentiment"].apply(lambda s: (s == "positive").mean())
    share = share.sort_values(ascending=False)
    report = ask("Write a short summary of these figures for the weekly mail:\n" + share.to_string())

    df.to_parquet("out/scored.parquet")
    pathlib.Path("out/report.txt").write_text(report)
    print(share.apply(lambda v: round(v, 2)))


if __name__ == "__main__":
    run()
