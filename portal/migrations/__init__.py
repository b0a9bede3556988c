"""Numbered migrations, up and down; the upgraded empty database equals the models."""
