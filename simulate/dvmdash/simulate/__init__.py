"""A made-up DVM network whose events are signed for real: generates traffic, writes archives, plays it on a relay."""
