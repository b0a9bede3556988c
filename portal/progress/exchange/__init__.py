"""Plans going out to other programs and coming in from them: MSPDI XML, CSV, iCalendar."""
