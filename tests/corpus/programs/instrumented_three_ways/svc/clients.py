from anthropic import AsyncAnthropic
from langfuse.openai import AsyncOpenAI

openai_client = AsyncOpenAI()
anthropic_client = AsyncAnthropic()
