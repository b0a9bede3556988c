"""Posting rules, typed append-only entries, reversal, reconciliation."""
