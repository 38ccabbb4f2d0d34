"""Says why a model was not opened, and what to do."""

from PySide6.QtCore import Slot

from cnngui.core.errors import UserError
from cnngui.gui.common.strips.result_strip import Choice
from cnngui.gui.window.strips.padded_strip import PaddedStrip

HEADING = "The model was not opened"


class RefusalStrip(PaddedStrip):
    """Hidden until a model cannot be opened, and again once another one is."""

    @Slot(object)
    def tell(self, error: UserError) -> None:
        """A model was refused for this reason; another goes on answering."""
        self.show_result("failed", HEADING, str(error), [Choice("Close", self.hide)])
