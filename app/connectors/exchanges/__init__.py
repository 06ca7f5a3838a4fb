"""One module a venue, over one bridge to ccxt."""
