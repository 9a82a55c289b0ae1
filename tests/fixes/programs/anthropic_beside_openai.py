import anthropic
import openai

CLIENTS = {"anthropic": anthropic.Anthropic(), "openai": openai.OpenAI()}
print(CLIENTS["anthropic"].messages.create(model="claude-haiku-4-5", max_tokens=60, messages=[{"role": "user", "content": "Name a sea."}]).content[0].text)
print(CLIENTS["openai"].chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Name a sea."}]).choices[0].message.content)
