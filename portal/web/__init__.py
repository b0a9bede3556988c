"""The web edge: areas with declared access, transactions, pages and fragments, error pages."""
