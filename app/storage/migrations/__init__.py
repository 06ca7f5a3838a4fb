"""Numbered forward migrations of the vault's schema."""
