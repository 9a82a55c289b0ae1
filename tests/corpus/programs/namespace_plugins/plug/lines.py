def run(transport, text):
    return len(text.splitlines())
