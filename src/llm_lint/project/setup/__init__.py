"""What ``llm-lint init`` writes into a project."""
