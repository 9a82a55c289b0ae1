import gradio as gr

from model import summarise

demo = gr.Interface(
    fn=summarise,
    inputs=[gr.Textbox(lines=12, label="Text"), gr.Slider(1, 6, step=1, value=2, label="Sentences")],
    outputs="text",
    examples=[["The harbour was closed for two days because of the storm.", 1]],
    cache_examples=False,
)

if __name__ == "__main__":
    demo.launch()
