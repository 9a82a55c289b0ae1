import os
import sys

try:
    import google.generativeai as genai
except ImportError:  # pragma: no cover
    sys.exit("pip install google-generativeai")

genai.configure(api_key=os.environ["GOOGLE_API_KEY"])

model = genai.GenerativeModel(
    "gemini-1.5-pro",
    system_instruction="You run a pub quiz. Ask one question at a time, keep the score, be funny.",
    generation_config={"temperature": 1.0, "max_output_tokens": 300},
)


def welcome():
    return model.generate_content("Invent a team name and a welcome line.").text


def main():
    print(welcome())
    chat = model.start_chat(history=[])
    topic = input("Topic? ")
    print(chat.send_message(f"Start a quiz about {topic}.").text)
    while True:
        answer = input("> ")
        if answer.lower() in ("quit", "exit"):
            break
        response = chat.send_message(answer, stream=True)
        for chunk in response:
            print(chunk.text, end="")
        print()
    print(len(chat.history), "messages")


if __name__ == "__main__":
    main()
