"""What was done to the collection, so that it can be undone."""

from dataclasses import dataclass

from cnngui.core.data.collections.changes import Change


@dataclass(frozen=True)
class Step:
    """Something that was done. title: as the menu names it, "rename". change: its inverse."""

    title: str
    change: Change


class UndoStack:
    """Steps, of which the latest is undone first."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    @property
    def last(self) -> Step | None:
        """The step that is undone next."""
        return self._steps[-1] if self._steps else None

    def push(self, step: Step) -> None:
        """Remember a step; one that has changed nothing is ignored."""
        if step.change:
            self._steps.append(step)

    def drop(self, step: Step) -> None:
        """Forget a step that has been undone, or cannot be."""
        if step in self._steps:
            self._steps.remove(step)

    def clear(self) -> None:
        """Forget all: another collection is open."""
        self._steps = []
