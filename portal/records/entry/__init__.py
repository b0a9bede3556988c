"""Filling in a form: what is opened, what was posted, what it offers, what the page then shows."""
