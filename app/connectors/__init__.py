"""Everything outside the process except the disk."""
