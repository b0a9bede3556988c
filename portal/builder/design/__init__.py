"""The plain builder: forms and chains edited part by part; pure where it can be."""
