import csv
import sys

from langchain.callbacks import get_openai_callback
from langchain.chains import ConversationChain, LLMChain
from langchain.chat_models import ChatOpenAI
from langchain.llms import OpenAI
from langchain.memory import ConversationBufferMemory
from langchain.prompts import PromptTemplate

llm = ChatOpenAI(model_name="gpt-4", temperature=0)

feedback = LLMChain(
    llm=llm,
    prompt=PromptTemplate(
        input_variables=["task", "essay"],
        template="Give feedback on the essay. Task: {task}\n\n{essay}\n\nName two strengths and one weakness.",
    ),
)
level = LLMChain(
    llm=ChatOpenAI(model_name="gpt-4", temperature=0, max_tokens=2),
    prompt=PromptTemplate.from_template("Classify the CEFR level (A1, A2, B1, B2, C1, C2). Level only.\n{essay}"),
)


def mark(path):
    with open(path, newline="") as fh, get_openai_callback() as cb:
        for row in csv.DictReader(fh):
            print(row["pupil"], level.run(essay=row["essay"]).strip())
            print(feedback.predict(task=row["task"], essay=row["essay"]))
    print(f"{cb.total_tokens} tokens, ${cb.total_cost:.2f}", file=sys.stderr)


def talk():
    chat = ConversationChain(llm=llm, memory=ConversationBufferMemory())
    while True:
        line = input("you> ")
        if line == "bye":
            return
        print("coach>", chat.predict(input=line))


def proverb():
    return OpenAI(temperature=0.9)("Write a proverb about patience that nobody has heard before.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        mark(sys.argv[1])
    else:
        print(proverb())
        talk()
