from operator import itemgetter
from pathlib import Path
from typing import List

import typer
from langchain_community.document_loaders import DirectoryLoader
from langchain_community.vectorstores import FAISS
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

cli = typer.Typer()
STORE = Path(".faiss")

embeddings = OpenAIEmbeddings(model="text-embedding-3-small")
llm = ChatOpenAI(model="gpt-4o", temperature=0)

prompt = ChatPromptTemplate.from_messages(
    [
        ("system", "Answer from the context. Quote the file name."),
        ("human", "Context:\n{context}\n\nQuestion: {question}"),
    ]
)
answer_chain = prompt | llm | StrOutputParser()
rewrite_chain = (
    ChatPromptTemplate.from_template("Rewrite as a search query: {question}") | llm | StrOutputParser()
)


def store() -> FAISS:
    if STORE.exists():
        return FAISS.load_local(str(STORE), embeddings, allow_dangerous_deserialization=True)
    docs = DirectoryLoader("docs", glob="**/*.md").load()
    parts = RecursiveCharacterTextSplitter(chunk_size=1000).split_documents(docs)
    db = FAISS.from_documents(parts, embeddings)
    db.save_local(str(STORE))
    return db


@cli.command()
def one(question: str) -> None:
    retriever = store().as_retriever(search_kwargs={"k": 4})
    chain = {"context": itemgetter("question") | retriever, "question": itemgetter("question")} | answer_chain
    typer.echo(chain.invoke({"question": question}))


@cli.command()
def many(file: typer.FileText) -> None:
    questions: List[str] = [line.strip() for line in file if line.strip()]
    db = store()
    queries = rewrite_chain.batch([{"question": q} for q in questions], config={"max_concurrency": 8})
    for question, query in zip(questions, queries):
        context = "\n\n".join(d.page_content for d in db.similarity_search(query, k=4))
        answer = answer_chain.invoke({"context": context, "question": question})
        typer.echo(f"# {question}\n{answer}\n")


if __name__ == "__main__":
    cli()
