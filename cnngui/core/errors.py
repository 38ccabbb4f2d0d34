"""The error that users can fix, and the end of stopped work."""


class UserError(Exception):
    """A problem that the user can fix.

    Its text is one or two complete sentences that can be shown as they are: what is wrong and what to do.
    Any other exception is a bug.
    """


class Diverged(UserError):  # noqa: N818
    """A training whose loss is no longer a finite number.

    good_epochs: how many complete epochs it can go back to; 0 if there is no checkpoint.
    """

    good_epochs: int = 0


class Stopped(Exception):  # noqa: N818
    """Work ended early because ``should_stop`` returned true. This is an outcome, not an error.

    run_stays: whether it was a run that went on, which is now as it was before that.
    """

    run_stays: bool = False
