"""Counterfoil: books you can prove, risk you can see, orders you can stop."""
