"""What can go wrong between the log and the graph."""

from __future__ import annotations


class ProjectorError(Exception):
    """The projection can't go on, or a part of it failed."""


class MessageUnreadable(ProjectorError):
    """A message of the log holds no event; it goes to the dead letters."""


class LogMissing(ProjectorError):
    """The event log does not exist yet; start a collector or run `dvmdash import` first."""


class ProjectionStopped(ProjectorError):
    """The database failed in a way that skipping messages can't mend; nothing was skipped."""


class DeadLetterUnknown(ProjectorError):
    """No dead letter has this stream sequence."""
