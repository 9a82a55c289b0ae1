def run(transport, text):
    label = transport.send("Tone of the text: formal, casual or rude? One word.\n" + text, max_tokens=3)
    return label.strip(" .").lower()
