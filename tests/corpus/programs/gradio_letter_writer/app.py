import gradio as gr
from anthropic import Anthropic

claude = Anthropic()

STYLES = ["formal", "friendly", "firm"]


def write(topic, facts, style):
    """Yields the letter as it grows."""
    text = ""
    with claude.messages.stream(
        model="claude-opus-4-5",
        max_tokens=2000,
        temperature=0.9,
        system="You write letters for a small landlord. Be creative with the opening line.",
        messages=[{"role": "user", "content": f"Topic: {topic}\nFacts:\n{facts}\nTone: {style}"}],
    ) as stream:
        for chunk in stream.text_stream:
            text += chunk
            yield text


def check(letter):
    verdict = claude.messages.create(
        model="claude-opus-4-5",
        max_tokens=2,
        temperature=0,
        messages=[
            {
                "role": "user",
                "content": "Does this letter contain a date and a sum of money? Answer yes or no.\n\n" + letter,
            }
        ],
    )
    return "complete" if verdict.content[0].text.strip().lower().startswith("yes") else "something is missing"


with gr.Blocks(title="Letters") as demo:
    topic = gr.Textbox(label="About")
    facts = gr.Textbox(label="Facts", lines=6)
    style = gr.Radio(STYLES, value="formal", label="Tone")
    out = gr.Textbox(label="Letter", lines=20)
    state = gr.Label()
    with gr.Row():
        gr.Button("Write").click(write, [topic, facts, style], out)
        gr.Button("Check").click(check, out, state)

if __name__ == "__main__":
    demo.queue(max_size=20).launch()
