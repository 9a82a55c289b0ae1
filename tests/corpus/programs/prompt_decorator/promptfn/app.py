import sys

from promptfn.core import prompt, retrying, timed


@timed
@retrying(times=4)
@prompt(model="gpt-4o", max_tokens=3)
def dialect(text):
    """Name the dialect of the text: northern, southern or neither. One word."""
    return text


@prompt(model="gpt-4.1-mini", temperature=0.8)
def limerick(topic):
    """Write a limerick."""
    return f"Topic: {topic}"


@timed
def load(path):
    with open(path, encoding="utf-8") as fh:
        return [line.strip() for line in fh if line.strip()]


def main():
    lines = load(sys.argv[1])
    for text, answer in zip(lines, [dialect(text) for text in lines]):
        print(answer, text, sep="\t")
    print(limerick("dialects"))


if __name__ == "__main__":
    main()
