import csv, json, os, sys, time
import requests
from bs4 import BeautifulSoup
import openai
from openai import OpenAI
import google.generativeai as genai

API = "https://homes.example.org/api"
model = "gpt-4o"
genai.configure(api_key=os.environ.get("GOOGLE_KEY"))
flash = genai.GenerativeModel("gemini-2.5-flash")
c = OpenAI()
DEBUG = 1


def gpt(p, m=None, t=0):
    global model
    try:
        r = c.chat.completions.create(model=m or model, temperature=t, messages=[{"role": "user", "content": p}])
        return r.choices[0].message.content
    except openai.RateLimitError:
        time.sleep(60)
        r = c.chat.completions.create(model=m or model, temperature=t, messages=[{"role": "user", "content": p}])
        return r.choices[0].message.content


def get(url):
    r = requests.get(url, timeout=30)
    return BeautifulSoup(r.text, "html.parser")


def post(listing):
    # not the model, the agency
    return requests.post(API + "/completions", json=listing).status_code


def quiet(l):
    a = gpt("Is the flat in a quiet street? yes/no\n" + l["text"])
    return a.lower().startswith("y")


def score(l):
    return float(flash.generate_content("Rate from 0 to 10 as a number: " + l["text"]).text)


def listings(n):
    for i in range(1, n + 1):
        page = get(f"https://homes.example.org/list?page={i}")
        for a in page.select("article"):
            yield {"id": a["id"], "text": a.get_text(" ")}


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    good = list(filter(quiet, listings(n)))
    good.sort(key=score, reverse=True)
    w = csv.writer(sys.stdout)
    for l in good[:10]:
        w.writerow([l["id"], gpt("Write a friendly mail to the owner of this flat:\n" + l["text"], t=0.7)])
        post(l)
    if DEBUG: print(json.dumps(good[:1]), file=sys.stderr)
