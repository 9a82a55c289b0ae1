from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

chain = ChatPromptTemplate.from_template("Rhyme on {word}") | ChatOpenAI(model="gpt-4o-mini") | StrOutputParser()
print(chain.invoke({"word": "moon"}))
