from openai import OpenAI

client = OpenAI()


def embed(texts: list[str]):
    return [client.embeddings.create(model="text-embedding-3-small", input=text).data[0].embedding for text in texts]


vectors = embed([f"text number {number}" for number in range(80)])
print(len(vectors), [vector[:2] for vector in vectors])
