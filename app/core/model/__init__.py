"""The field's nouns."""
