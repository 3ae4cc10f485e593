"""The types of the schema, each read from rows of the shipped queries."""
