"""Form definitions: fields, rules and computed values, and the one evaluator of records."""
