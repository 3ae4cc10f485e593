"""Everything written in Cypher: schema, named queries and the sessions that run them."""
