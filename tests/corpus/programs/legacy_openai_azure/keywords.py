# python 3.8 era script, kept alive for the archive migration
import os
import re
import time

import openai

openai.api_type = "azure"
openai.api_base = "https://archive-team.openai.azure.com/"
openai.api_version = "2023-05-15"
openai.api_key = os.getenv("AZURE_OPENAI_KEY")

ENGINE = "gpt-4-32k"


def chat(prompt, temperature=0):
    while True:
        try:
            res = openai.ChatCompletion.create(
                engine=ENGINE,
                temperature=temperature,
                messages=[{"role": "user", "content": prompt}],
            )
            return res["choices"][0]["message"]["content"]
        except openai.error.RateLimitError:
            print("rate limit, waiting")
            time.sleep(20)


def keywords(text):
    answer = chat("Extract at most ten keywords from this record, comma separated:\n" + text)
    return [k.strip() for k in re.split(r"[,;\n]", answer) if k.strip()]


def old_style_title(text):
    res = openai.Completion.create(engine="text-davinci-003", prompt=text + "\n\nTitle:", max_tokens=20)
    return res["choices"][0]["text"].strip()


def main():
    out = open("keywords.tsv", "w")
    for name in sorted(os.listdir("records")):
        text = open(os.path.join("records", name)).read()
        if len(text) < 200:
            continue
        out.write("\t".join([name, old_style_title(text[:3000]), ",".join(keywords(text))]) + "\n")
    out.close()


if __name__ == "__main__":
    main()
