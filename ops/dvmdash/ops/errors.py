"""What can go wrong in running DVMDash, each with words for the person at the terminal."""

from __future__ import annotations


class OpsError(Exception):
    """Base of every failure that is told as one clear line and a non-zero exit."""


class JarsError(OpsError):
    """The database's jars could not be fetched, or what was fetched is not what the lock file says."""


class ServerError(OpsError):
    """An embedded server did not start, or could not be reached."""


class DataFolderError(OpsError):
    """The data folder can't be used: held by another run, unreadable, or damaged."""


class InterfaceBuildError(OpsError):
    """The web pages could not be built from their sources."""


class UsageError(OpsError):
    """The command line or a setting asks for something that can't be done."""
