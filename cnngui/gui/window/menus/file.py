"""The File menu."""

from functools import partial

from PySide6.QtGui import QKeySequence

from cnngui.gui.common.actions import Action
from cnngui.gui.predict.samples import shipped_samples
from cnngui.gui.window.menus.parts import Parts, in_place, only_in

Key = QKeySequence.StandardKey


def file_menu(parts: Parts) -> list[Action]:
    """The actions of the File menu, in its order."""
    predict, pictures, state = parts.predict, parts.pictures, parts.predict_state
    shown = partial(in_place, parts, "predict")

    def has_answers() -> bool:
        return state.counts.shown > 0 and state.counts.total > state.counts.waiting

    return [
        Action("open", "&Open pictures …", shown(predict.open_files), key=Key.Open, tip="Choose picture files"),
        Action(
            "open folder",
            "Open a &folder …",
            shown(predict.open_folder),
            key="Ctrl+Shift+F",
            tip="Choose a folder of pictures",
        ),
        *(
            Action(
                f"sample {path.stem}",
                path.stem,
                partial(parts.classify, [path]),
                menu="File/&Sample pictures",
                enabled=lambda: parts.test_images.suits_shipped_samples,
            )
            for path in shipped_samples()
        ),
        Action(
            "test image",
            "Random &test image",
            parts.classify_test_image,
            key="Ctrl+R",
            tip="Classify a random image of the model’s test data and compare with its label",
            enabled=lambda: parts.test_images.is_there,
        ),
        Action(
            "all test images",
            "&All test images",
            parts.classify_all_test_images,
            tip="Classify all images of the model’s test data, the misclassified ones first",
            enabled=lambda: parts.test_images.is_there,
        ),
        Action(
            "open model",
            "Open a &model …",
            parts.choose_model,
            key="Ctrl+Shift+O",
            tip="Choose a .keras or .h5 file",
            separated=True,
        ),
        Action(
            "export model",
            "E&xport the model …",
            parts.export_model,
            key="Ctrl+Shift+X",
            tip="Write the model in use for other programs: LiteRT, ONNX, SavedModel, Keras",
            enabled=parts.has_model,
        ),
        Action("save csv", "Save answers as &CSV …", pictures.save_csv, separated=True, enabled=has_answers),
        Action("save json", "Save answers as &JSON …", pictures.save_json, enabled=has_answers),
        Action(
            "save matrix png",
            "Save the confusion matrix as P&NG …",
            pictures.save_matrix_png,
            enabled=lambda: state.pictures.tally.answered > 1,
        ),
        Action(
            "save matrix csv",
            "Save the confusion matrix as CS&V …",
            pictures.save_matrix_csv,
            enabled=lambda: state.pictures.tally.answered > 1,
        ),
        Action(
            "save explanation",
            "Save explained &picture …",
            pictures.save_png,
            enabled=only_in(parts, "predict", lambda: predict.has_answer_in_view),
        ),
        Action("quit", "&Quit", parts.quit, key="Ctrl+Q", separated=True),  # Qt's standard key is none on some systems
    ]
