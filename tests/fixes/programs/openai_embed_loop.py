from openai import OpenAI

client = OpenAI()


def embed(lines):
    vectors = []
    for line in lines:
        answer = client.embeddings.create(model="text-embedding-3-small", input=[line])
        vectors.append(answer.data[0].embedding)
    return vectors


vectors = embed(f"line {number}" for number in range(40))
print(len(vectors), [vector[:2] for vector in vectors])
