from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TAGGER_", env_file=".env")

    openai_api_key: SecretStr
    chat_model: str = "gpt-5.4"
    embedding_model: str = Field("text-embedding-3-large", description="must match the index")
    max_tags: int = 5


@lru_cache
def get_settings() -> Settings:
    return Settings()
