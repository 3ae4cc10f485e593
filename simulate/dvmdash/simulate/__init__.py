"""A made-up DVM network, signed for real: generates traffic, writes archives, plays it on a relay."""
