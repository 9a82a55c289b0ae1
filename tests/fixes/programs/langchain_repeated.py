from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="gpt-4o-mini", temperature=0)


def mood(text: str) -> str:
    return model.invoke("Happy or sad: " + text).content


print([mood(text) for text in ("rain", "sun", "rain")])
