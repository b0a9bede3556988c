"""Drafts somebody goes on with: funds plans from contracts and schedule, an award's contract."""
