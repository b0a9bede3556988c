"""The quality page of a project: what its registers of quality, safety and risk hold now."""
