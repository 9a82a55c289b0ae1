"""The output formats of ``inventory``: one module each."""
