"""A module made of a spreadsheet: read, understood, corrected on a page, written as files."""
