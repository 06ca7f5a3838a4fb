"""Risk of the book as it is."""
