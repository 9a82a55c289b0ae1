from openai import OpenAI

client = OpenAI()


def language(text: str) -> str:
    """The language of a text."""
    reply = client.chat.completions.create(model="gpt-4o-mini", temperature=0, messages=[{"role": "user", "content": "Language code of: " + text}])
    return reply.choices[0].message.content


for word in ["pain", "brot", "pain", "bread", "brot", "pain"]:
    print(word, language(word))
