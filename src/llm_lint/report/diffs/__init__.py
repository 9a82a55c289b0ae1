"""The output formats of ``diff``: one module each."""
