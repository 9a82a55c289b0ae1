import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    provider: str = os.getenv("COPYDESK_PROVIDER", "openai")
    openai_model: str = "gpt-4o"
    anthropic_model: str = "claude-sonnet-4-6"
    mistral_model: str = "mistral-large-latest"
    max_tokens: int = 800


settings = Settings()
