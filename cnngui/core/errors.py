"""The one kind of error that a person can cause and mend."""


class UserError(Exception):
    """Something a person can put right.

    Its text is one or two whole sentences, ready to be shown as they are: what is wrong, and what to do.
    Everything else that is raised is a mistake of the program.
    """


class Stopped(Exception):  # noqa: N818
    """Work ended early because ``should_stop`` said so. A stop is an outcome of its own, not an error."""
