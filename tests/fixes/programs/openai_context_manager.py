from openai import OpenAI

with OpenAI(timeout=20) as client, open(__file__) as source:
    print(bool(source.read()), client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a tree."}]).choices[0].message.content)
