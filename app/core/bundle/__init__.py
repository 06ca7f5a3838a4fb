"""What an accountant is given of a sealed year: its files, what proves them, and nothing that was to be hidden."""
