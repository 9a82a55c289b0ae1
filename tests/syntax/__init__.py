"""Tests of decoding, notebooks and parsing."""
