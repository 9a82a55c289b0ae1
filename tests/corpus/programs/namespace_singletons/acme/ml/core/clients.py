import threading

from openai import AzureOpenAI, OpenAI

from . import env

_lock = threading.Lock()
_instance: "OpenAI | AzureOpenAI | None" = None


def chat_client():
    global _instance
    if _instance is None:
        with _lock:
            if _instance is None:
                _instance = AzureOpenAI(api_version="2024-06-01") if env.AZURE else OpenAI()
    return _instance


def reset():
    global _instance
    _instance = None
