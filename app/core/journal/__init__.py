"""Records, their encoding, chains and proof."""
