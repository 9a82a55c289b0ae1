"""The SDK under another name."""

import openai as oa

client = oa.OpenAI(max_retries=1)
print(client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a river."}]).choices[0].message.content)
