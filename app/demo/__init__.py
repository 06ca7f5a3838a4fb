"""A simulated market on loopback, and the demo run."""
