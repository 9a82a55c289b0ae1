import sys
from pathlib import Path

from crewai import LLM, Agent, Crew, Process, Task

llm = LLM(model="gpt-4o", temperature=0.3)

analyst = Agent(
    role="Market analyst",
    goal="Find what changed in a company's market",
    backstory="You read annual reports for breakfast.",
    llm=llm,
    max_iter=6,
)
writer = Agent(
    role="Editor",
    goal="Turn findings into one page",
    backstory="You cut every second word.",
    llm=llm,
)

research = Task(
    description="Collect the most important changes for {company}.",
    expected_output="Ten bullet points",
    agent=analyst,
)
page = Task(description="Write one page on {company}.", expected_output="Markdown", agent=writer)

crew = Crew(agents=[analyst, writer], tasks=[research, page], process=Process.sequential)


def notes(companies):
    out = Path("notes")
    out.mkdir(exist_ok=True)
    for company in companies:
        target = out / f"{company}.md"
        result = crew.kickoff(inputs={"company": company})
        target.write_text(result.raw)


def quick(companies):
    return crew.kickoff_for_each(inputs=[{"company": company} for company in companies])


def one_liner(company):
    return llm.call(f"One sentence on what {company} sells.")


if __name__ == "__main__":
    if sys.argv[1] == "--quick":
        print(*quick(sys.argv[2:]), sep="\n\n")
    elif sys.argv[1] == "--line":
        print(one_liner(sys.argv[2]))
    else:
        notes(sys.argv[1:])
