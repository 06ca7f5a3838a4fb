"""Limits and alerts: rules as sentences, the state of each, and how often it would have fired. Pure and exact."""
