from openai import OpenAI

llm = OpenAI()
MODEL = "gpt-4o"


def ask(prompt, **options):
    reply = llm.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": prompt}], **options)
    return reply.choices[0].message.content
