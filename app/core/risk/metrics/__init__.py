"""One room for each metric."""
