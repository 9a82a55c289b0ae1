import operator
import sys
from typing import Annotated, Literal, TypedDict

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AnyMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel


class State(TypedDict):
    messages: Annotated[list[AnyMessage], operator.add]
    draft: str
    rounds: int
    good: bool


class Opinion(BaseModel):
    good: bool
    advice: str


author = ChatOpenAI(model="gpt-4.1", temperature=0.7)
critic = ChatAnthropic(model="claude-opus-5-5").with_structured_output(Opinion)


def write(state: State):
    message = author.invoke([SystemMessage("You write speeches."), *state["messages"]])
    return {"draft": message.content, "messages": [message], "rounds": state["rounds"] + 1}


def review(state: State):
    opinion = critic.invoke(f"Judge this speech and give advice.\n\n{state['draft']}")
    return {"good": opinion.good, "messages": [HumanMessage(opinion.advice)]}


def again(state: State) -> Literal["write", "__end__"]:
    return END if state["good"] or state["rounds"] >= 4 else "write"


builder = StateGraph(State)
builder.add_node("write", write)
builder.add_node("review", review)
builder.add_edge(START, "write")
builder.add_edge("write", "review")
builder.add_conditional_edges("review", again)
graph = builder.compile()


def main():
    occasion = " ".join(sys.argv[1:])
    state = graph.invoke(
        {"messages": [HumanMessage(f"A speech for {occasion}.")], "draft": "", "rounds": 0, "good": False},
        config={"recursion_limit": 12},
    )
    print(state["draft"])


if __name__ == "__main__":
    main()
