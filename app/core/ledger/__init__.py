"""Entries and what may be said about them."""
