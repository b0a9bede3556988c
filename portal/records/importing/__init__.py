"""Entries of a register from a spreadsheet: checked row by row, brought in as a whole."""
