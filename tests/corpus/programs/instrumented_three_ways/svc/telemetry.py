"""Imported first by the application."""
from openinference.instrumentation.anthropic import AnthropicInstrumentor
from phoenix.otel import register

provider = register(project_name="letters")


def start() -> None:
    AnthropicInstrumentor().instrument(tracer_provider=provider)
