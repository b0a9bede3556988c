"""Working time: weeks of shifts, holidays, make-up days; counted in minutes. Knows no database."""
