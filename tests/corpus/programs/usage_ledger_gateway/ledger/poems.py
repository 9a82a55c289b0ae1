from .gateway import Gateway


def poem(gateway: Gateway, occasion: str) -> str:
    """A poem, on a model that can rhyme."""
    return gateway.ask(f"Write a poem for {occasion}.", model="gpt-4.1", temperature=1)
