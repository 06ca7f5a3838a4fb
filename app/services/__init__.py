"""Use cases: asynchronous, and knowing ports only."""
