"""The pure heart: values and rules without I/O or a clock."""
