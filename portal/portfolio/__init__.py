"""Figures across projects, and the entries behind any figure of any center."""
