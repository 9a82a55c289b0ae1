import sys

from openai import OpenAI

track, cached, os = "track", "cached", sys
client = OpenAI()
print(client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a track."}]).choices[0].message.content, track, cached, os is sys)
