import os
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
from openai import OpenAI

LOCAL = "http://localhost:8000/v1"

local = OpenAI(base_url=LOCAL, api_key="EMPTY")
studio = OpenAI(base_url=os.environ.get("LMSTUDIO_URL", "http://127.0.0.1:1234/v1"), api_key="lm-studio")
cloud = OpenAI()


def tag(text):
    r = local.chat.completions.create(
        model="Qwen/Qwen2.5-7B-Instruct",
        messages=[{"role": "user", "content": "Topic of this post in one word: " + text}],
        max_tokens=4,
    )
    return r.choices[0].message.content


def rewrite(text):
    r = studio.chat.completions.create(
        model="local-model", messages=[{"role": "user", "content": "Rewrite politely:\n" + text}]
    )
    return r.choices[0].message.content


def second_opinion(text):
    r = cloud.chat.completions.create(
        model="gpt-4o",
        temperature=0,
        max_tokens=1,
        messages=[{"role": "user", "content": "Is this post spam? Answer 1 for yes or 0 for no.\n" + text}],
    )
    return bool(int(r.choices[0].message.content))


def main():
    df = pd.read_json("posts.jsonl", lines=True)
    with ThreadPoolExecutor(32) as pool:
        df["tag"] = list(pool.map(tag, df.text))
    df["polite"] = df.text.apply(rewrite)
    unsure = df[df.tag.isin(["other", "unclear"])]
    df.loc[unsure.index, "spam"] = unsure.text.map(second_opinion)
    df.to_json("tagged.jsonl", lines=True, orient="records")


if __name__ == "__main__":
    main()
