"""Reports from the figures of a tax year: one file a report, pure tables; rounding happens here and nowhere else."""
