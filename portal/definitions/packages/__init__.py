"""A release as one signed file: written by one portal, taken in as a draft by another."""
