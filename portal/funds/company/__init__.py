"""The cash of the whole company: every project the viewer may see, currencies apart."""
