"""Press clippings by mail."""

__version__ = "1.4.0"
