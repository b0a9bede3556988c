"""How forms are used: counted per day, never per person."""
