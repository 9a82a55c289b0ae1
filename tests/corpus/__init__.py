"""Labelled programs that call LLMs the way real applications do, and the scoreboard that reads them."""
