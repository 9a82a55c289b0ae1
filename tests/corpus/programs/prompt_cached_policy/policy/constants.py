from pathlib import Path

HERE = Path(__file__).parent
POLICY = (HERE / "policy.md").read_text(encoding="utf-8")
MODEL = "claude-sonnet-5"
OUTCOMES = {"allow", "deny", "escalate"}
