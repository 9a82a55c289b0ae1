from openai import OpenAI

llm = OpenAI(base_url="http://127.0.0.1:8080/v1", api_key="none")
MODEL = "phi-4"


def ask(prompt):
    reply = llm.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content
