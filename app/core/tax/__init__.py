"""Tax: transactions in, the figures of a jurisdiction out."""
