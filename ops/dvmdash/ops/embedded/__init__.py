"""The servers that run on this machine without an installation: Neo4j in a JVM from a wheel, NATS from a wheel."""
