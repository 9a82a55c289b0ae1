import json
import sys

from haystack import Pipeline
from haystack.components.builders import PromptBuilder
from haystack.components.generators import OpenAIGenerator
from smolagents import CodeAgent, LiteLLMModel, tool


@tool
def unit(value: float, source: str, target: str) -> float:
    """Convert a length.

    Args:
        value: the length
        source: its unit
        target: the wanted unit
    """
    metres = {"m": 1.0, "ft": 0.3048, "in": 0.0254}
    return value * metres[source] / metres[target]


agent = CodeAgent(tools=[unit], model=LiteLLMModel(model_id="anthropic/claude-sonnet-5"), max_steps=4)

TEMPLATE = """Answer from the text. Text:
{{ text }}
Question: {{ question }}"""

pipeline = Pipeline()
pipeline.add_component("prompt", PromptBuilder(template=TEMPLATE))
pipeline.add_component("llm", OpenAIGenerator(model="gpt-4o"))
pipeline.connect("prompt", "llm")

judge = OpenAIGenerator(model="gpt-4o-mini", generation_kwargs={"temperature": 0, "max_tokens": 1})


def tasks(path):
    for line in open(path, encoding="utf-8"):
        item = json.loads(line)
        yield item["task"], agent.run(item["task"])


def questions(path, question):
    for line in open(path, encoding="utf-8"):
        text = json.loads(line)["text"]
        result = pipeline.run({"prompt": {"text": text, "question": question}})
        answer = result["llm"]["replies"][0]
        sure = judge.run(prompt=f"Does this answer sound certain? Reply Y or N.\n{answer}")["replies"][0]
        yield answer, sure


if __name__ == "__main__":
    if sys.argv[1] == "tasks":
        for task, result in tasks(sys.argv[2]):
            print(task, "=>", result)
    else:
        for answer, sure in questions(sys.argv[2], sys.argv[3]):
            print(sure, answer)
