"""The handbook: the manual's pages, read and searched in the portal itself."""
