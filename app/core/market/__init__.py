"""Live markets: frames of venues brought to books, ticks, candles and one mark an asset, the same at any speed."""
