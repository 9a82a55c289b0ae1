def run(transport, text):
    return transport.send("Correct the spelling, change nothing else:\n" + text)
