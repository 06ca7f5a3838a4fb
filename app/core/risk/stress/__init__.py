"""What the book would lose if a day came back, or if something happened that has not yet."""
