"""A draft's module.json edited part by part: what it is called, its roles, its forms."""
