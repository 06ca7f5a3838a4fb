"""Charts: time courses with a value axis at the right, a crosshair and gaps where there is no data."""
