"""Step by step: first run and connecting a source."""
