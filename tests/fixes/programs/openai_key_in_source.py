from openai import OpenAI

client = OpenAI(api_key="{{key:openai-project}}")
reply = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a lock."}])
print(reply.choices[0].message.content)
