"""The books in double entry for the programs of accountants; every figure comes from the ledger and its lots."""
