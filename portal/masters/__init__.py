"""Registers kept clean: entries taken out of use; look-alikes found, told apart, merged."""
