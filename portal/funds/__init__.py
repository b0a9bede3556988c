"""The funds center: per contract what was certified, held back, advanced, paid and is still due."""
