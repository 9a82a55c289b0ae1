from langchain_anthropic import ChatAnthropic

model = ChatAnthropic(model="claude-haiku-4-5", max_tokens=50)
print(model.invoke("Name a lake.").content)
