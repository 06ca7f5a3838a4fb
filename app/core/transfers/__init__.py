"""Transfers between a person's own accounts: which withdrawals and deposits belong together, and how sure that is."""
