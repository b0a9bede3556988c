"""The day-labor center: who worked when, what of it is signed, and what is at risk unsigned."""
