"""Amounts of several currencies told in the company's own, at dated rates."""
