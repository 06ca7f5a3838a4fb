"""Parts of the window around the screens."""
