"""Writes tables as files; no figure is computed here."""
