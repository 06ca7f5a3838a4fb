"""What the books are worth: marks out of many prices, positions, the equity curve, returns."""
