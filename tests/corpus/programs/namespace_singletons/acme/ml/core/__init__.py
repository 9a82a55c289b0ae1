from .clients import chat_client, reset
from .text import complete as complete_text

__all__ = ["chat_client", "complete_text", "reset"]
