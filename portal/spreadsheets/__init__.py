"""Reading spreadsheets with care: workbooks and CSV files as people see them."""
