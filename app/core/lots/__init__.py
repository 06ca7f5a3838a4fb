"""Lots: which acquisition a disposal uses up, and at what cost, exactly, under every method."""
