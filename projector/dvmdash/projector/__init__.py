"""JetStream in, graph out: primitives, links and the checkpoint in one transaction for each batch."""
