"""Questions before something is lost. Nothing else interrupts the user."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def may_stop_training(parent: QWidget) -> bool:
    """Ask whether to stop the running training and quit."""
    return _asks(
        parent,
        QMessageBox.Icon.Question,
        "A training is running.",
        "cnngui can stop it, save the model as it is now, and quit. The training can be continued later.",
        yes="&Stop and quit",
        no="&Keep training",
    )


def may_stop_search(parent: QWidget) -> bool:
    """Ask whether to end the running search and quit."""
    return _asks(
        parent,
        QMessageBox.Icon.Question,
        "A search is running.",
        "cnngui can stop it, keep all of its trials, and quit. The search can be continued later.",
        yes="&Stop and quit",
        no="&Keep searching",
    )


def may_discard_model(parent: QWidget) -> bool:
    """Ask whether to discard the trained model that cannot be saved."""
    return _asks(
        parent,
        QMessageBox.Icon.Warning,
        "The trained model is not saved.",
        "If you continue, it is lost.",
        yes="&Discard",
        no="&Keep",
    )


def may_replace_recipe(name: str, parent: QWidget) -> bool:
    """Ask whether to replace another of the user's own recipes."""
    return _asks(
        parent,
        QMessageBox.Icon.Question,
        f"There is already a recipe “{name}”.",
        "If you replace it, what it says is lost.",
        yes="&Replace",
        no="&Keep",
    )


def may_discard_layers(parent: QWidget) -> bool:
    """Ask whether to give up the layers that were edited."""
    return _asks(
        parent,
        QMessageBox.Icon.Question,
        "The layers have been changed.",
        "If you close the builder, the changes are lost.",
        yes="&Discard",
        no="&Keep editing",
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
