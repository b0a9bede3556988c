"""Printing a record: its page, chain and decisions gathered into a sheet, then made a PDF."""
