from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI
from langfuse.langchain import CallbackHandler

from svc.clients import anthropic_client, openai_client

handler = CallbackHandler()
formal = ChatPromptTemplate.from_template("Rewrite formally:\n{text}") | ChatOpenAI(model="gpt-4o")


async def rewrite(text: str) -> str:
    message = await formal.ainvoke({"text": text}, config={"callbacks": [handler]})
    return message.content


async def answer(text: str) -> str:
    message = await anthropic_client.messages.create(
        model="claude-sonnet-4-6",
        max_tokens=1000,
        messages=[{"role": "user", "content": "Draft an answer to this letter:\n" + text}],
    )
    return message.content[0].text


async def subject(text: str) -> str:
    completion = await openai_client.chat.completions.create(
        model="gpt-4o",
        max_tokens=15,
        temperature=0,
        messages=[{"role": "user", "content": "Extract the subject line of this letter. Only the line.\n" + text}],
    )
    return completion.choices[0].message.content
