"""Screens: one place of the rail each."""
