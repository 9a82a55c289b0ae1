from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="gpt-4o-mini", temperature=0)
print([reply.content for reply in model.batch(["Say a.", "Say b."], config={"max_concurrency": 1})])
