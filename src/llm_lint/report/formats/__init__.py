"""The output formats of ``check``: one module each."""
