import os
import sys

from llama_index.core import (
    Settings,
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI

Settings.llm = OpenAI(model="gpt-4o", temperature=0.1)
Settings.embed_model = OpenAIEmbedding(model="text-embedding-3-small")

PERSIST = "./storage"


def get_index():
    if os.path.isdir(PERSIST):
        return load_index_from_storage(StorageContext.from_defaults(persist_dir=PERSIST))
    documents = SimpleDirectoryReader("handbook").load_data()
    index = VectorStoreIndex.from_documents(documents)
    index.storage_context.persist(persist_dir=PERSIST)
    return index


def main():
    index = get_index()
    engine = index.as_query_engine(similarity_top_k=3)
    with open(sys.argv[1], encoding="utf-8") as fh:
        questions = [line.strip() for line in fh if line.strip()]
    pairs = []
    for question in questions:
        response = engine.query(question)
        pairs.append((question, str(response)))
        sources = {node.metadata.get("file_name") for node in response.source_nodes}
        print(f"Q: {question}\nA: {response}\n   {', '.join(sorted(filter(None, sources)))}\n")
    closing = Settings.llm.complete("Write one closing sentence for an FAQ page about our handbook.")
    print(closing.text)


if __name__ == "__main__":
    main()
