"""llm-lint finds wasted money in Python code that calls LLM APIs, proves it and prices it."""

__version__ = "0.1.0"
