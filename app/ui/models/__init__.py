"""What tables show: typed columns, cells, and models that change by difference instead of starting over."""
