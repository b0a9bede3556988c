"""Documents people keep: the PDF of a record with its approval sheet, and spreadsheets."""
