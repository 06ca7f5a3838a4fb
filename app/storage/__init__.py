"""The encrypted vault file and what is derived from it."""
