"""Codecs: bytes to text and back, the registry of codecs, and the handlers of what cannot be converted."""
