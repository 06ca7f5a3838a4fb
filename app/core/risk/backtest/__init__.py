"""The report card of a model: how often reality was worse than it said, and whether that was chance."""
