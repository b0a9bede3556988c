"""A new module made like another one: its files renamed, its links followed, its draft opened."""
