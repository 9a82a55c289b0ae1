import os

import openai
from openai import OpenAI

client = OpenAI(base_url=os.environ["NOWHERE_URL"], max_retries=0)
try:
    reply = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello"}])
    print(reply.choices[0].message.content)
except openai.APIError as error:
    print(type(error).__name__)
