from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="gpt-4o-mini", max_retries=0)
print(model.invoke("Name a hill.").content)
