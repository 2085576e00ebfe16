"""Istikhraj: facts out of Arabic text, as a service."""

__version__ = "0.1.0"
