"""What is asked before something is lost. Nothing else is a modal box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def may_stop_training(parent: QWidget) -> bool:
    """Ask whether to stop the training that runs, and quit."""
    return _asks(
        parent,
        QMessageBox.Icon.Question,
        "A training is running.",
        "cnngui can stop it, save what was learnt so far, and quit.",
        yes="&Stop and quit",
        no="&Keep training",
    )


def may_lose_model(parent: QWidget) -> bool:
    """Ask whether to go on although the model that was trained last could not be saved."""
    return _asks(
        parent,
        QMessageBox.Icon.Warning,
        "The model that was trained last could not be saved.",
        "If you go on now, it is lost.",
        yes="&Lose it",
        no="S&tay",
    )


def may_delete(parent: QWidget, name: str) -> bool:
    """Ask whether to delete a model for good, which the system's trash did not take."""
    return _asks(
        parent,
        QMessageBox.Icon.Warning,
        f"“{name}” could not be put into the trash.",
        "If you delete it now, it is lost.",
        yes="&Delete it",
        no="&Keep it",
    )


def _asks(parent: QWidget, icon: QMessageBox.Icon, text: str, consequence: str, *, yes: str, no: str) -> bool:
    box = QMessageBox(icon, "cnngui", text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(consequence)
    yes_button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    no_button = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no_button)
    box.setEscapeButton(no_button)
    box.exec()
    return box.clickedButton() is yes_button
