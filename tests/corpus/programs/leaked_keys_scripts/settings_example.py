"""Copy to settings.py and fill in."""
import hashlib

OPENAI_API_KEY = "sk-..."
ANTHROPIC_API_KEY = "your-anthropic-key"
MISTRAL_API_KEY = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
BUTTON_CLASS = "sk-folding-cube-animation-container-wide"
CHECKSUM = hashlib.sha256(b"settings").hexdigest()
COMMIT = "9b74c9897bac770ffc029102a200c5de9b74c989"


def client():
    from openai import OpenAI

    return OpenAI(api_key=OPENAI_API_KEY)
