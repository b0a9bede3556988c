"""The portal: forms and approvals defined as data, ledgers that add up what was signed."""

__version__ = "0.1.0"
