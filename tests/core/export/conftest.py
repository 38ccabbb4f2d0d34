"""A model that has learnt a little, as it answers pictures of the kind that CIFAR-10 has, and pictures for it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from cnngui.core.export.export import Exported, export
from cnngui.core.export.formats import find
from cnngui.core.export.proof import picture_files
from cnngui.core.models import file as model_file
from cnngui.core.training.trained import Trained

Export = Callable[[str], Exported]


@pytest.fixture(scope="session")
def with_views(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's file. Of where it learnt nothing is known, so it sees several views of a picture."""
    path = tmp_path_factory.mktemp("model") / "views.keras"
    card = replace(trained.card, training=replace(trained.training, source=""))
    model_file.save(trained.network, card, path, trained.familiarity)
    return path


@pytest.fixture(scope="session")
def exported(with_views: Path, easy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Export:
    """The model in a format; written once, proved with the easy folder. Nobody writes to it."""
    known: dict[str, Exported] = {}
    once = cache(model_file.load)  # opening takes a second

    def get(key: str) -> Exported:
        if key not in known:
            folder = tmp_path_factory.mktemp("exports") / key
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(model_file, "load", once)
                patch.setattr(picture_files, "COUNT", 21)
                known[key] = export(with_views, find(key), folder, data=str(easy_folder))
        return known[key]

    return get
