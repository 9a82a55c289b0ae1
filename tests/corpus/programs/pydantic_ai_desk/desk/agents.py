from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_ai import Agent, RunContext


@dataclass
class Deps:
    customer: str
    plan: str


class Verdict(BaseModel):
    refund: bool
    reason: str


support = Agent(
    "anthropic:claude-sonnet-4-6",
    deps_type=Deps,
    instructions="You answer questions of customers of an internet provider.",
)
refunds = Agent("openai:gpt-4o", output_type=Verdict, instructions="Decide whether a refund is due.")


@support.tool
async def outage(ctx: RunContext[Deps], postcode: str) -> str:
    """Current outages in an area."""
    return "none" if postcode.startswith("1") else "cable cut, fixed by tonight"
