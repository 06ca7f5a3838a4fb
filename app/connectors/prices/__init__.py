"""Where prices and exchange rates come from."""
