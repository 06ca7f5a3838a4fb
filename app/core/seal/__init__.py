"""A tax year closed: its canonical output, the hash over it, and what differs once it is made again."""
