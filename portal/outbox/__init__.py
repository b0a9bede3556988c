"""Effects that leave the database: written with the decision, delivered afterwards."""
