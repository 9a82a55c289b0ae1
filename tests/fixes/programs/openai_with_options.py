from openai import OpenAI

client = OpenAI()
patient = client.with_options(timeout=30, max_retries=0)
print(patient.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a stone."}]).choices[0].message.content)
