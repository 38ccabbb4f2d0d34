from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from cnngui import cli
from cnngui.core.answers.evaluation import evaluation_of
from cnngui.core.answers.saved_answers import SavedAnswers, answers_path, read_answers, write_answers
from cnngui.core.data.datasets import Dataset
from cnngui.core.errors import UserError
from cnngui.core.models.card import card_path, read_card
from cnngui.core.recipes.recipe import SETTINGS, Recipe
from cnngui.core.runs.folder import MODEL
from cnngui.core.runs.report import find_run, report, write_report
from cnngui.core.training.job import Job, run


@pytest.fixture(scope="module")
def trained(easy_folder: Path, tiny: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with 60 test images. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("reports") / "a <b> run"
    run(Job(str(easy_folder), tiny, folder / MODEL))
    return folder


class Page(HTMLParser):
    """The texts and the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_says_all_and_needs_nothing(trained: Path, tiny: Recipe) -> None:
    page = Page(report(find_run(trained)))
    text = " ".join(page.texts)
    assert page.open == []
    assert all(link.startswith("data:image/png;base64,") for link in page.links)
    for part in ("a <b> run", "60 test images", "Confusion matrix", "Accuracy by confidence", "red", "Best epoch:"):
        assert part in text
    for path, setting in SETTINGS.items():
        assert (setting.label in text) == tiny.has_effect(path)
    assert "http" not in report(find_run(trained)).replace("http://www.w3.org/2000/svg", "")


def test_its_answers_are_those_of_the_card(trained: Path) -> None:
    answers, card = read_answers(trained / MODEL), read_card(trained / MODEL)
    assert answers is not None
    assert card is not None
    assert card.training is not None
    assert len(answers.labels) == 60
    result = evaluation_of(answers.probabilities, answers.labels, card.classes)
    assert result.accuracy == pytest.approx(card.training.test_accuracy)
    assert result.loss == pytest.approx(card.training.test_loss, abs=1e-3)  # the answers are kept as float16


def test_the_surest_mistakes_are_kept(easy: Dataset) -> None:
    labels = easy.test.labels
    probabilities = np.full((60, 3), 0.1, np.float32)
    probabilities[np.arange(60), labels] = 0.8
    for number, share in ((7, 0.95), (3, 0.99), (9, 0.9)):
        probabilities[number] = 0
        probabilities[number, (labels[number] + 1) % 3] = share
    answers = SavedAnswers.of(easy.test.images, labels, probabilities)
    assert answers.mistakes.tolist() == [3, 7, 9]
    np.testing.assert_array_equal(answers.images, easy.test.images[[3, 7, 9]])


def test_a_run_that_goes_on_or_has_no_answers_is_reported_too(trained: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(trained, tmp_path / "copy"))
    for name in (folder / MODEL, card_path(folder / MODEL), answers_path(folder / MODEL)):
        name.unlink()
    page = Page(report(find_run(folder)))
    assert page.open == []
    assert "Confusion matrix" not in " ".join(page.texts)
    (folder / "recipe.toml").write_text("x")
    with pytest.raises(UserError, match="“copy” has no recipe, so there is nothing to report"):
        report(find_run(folder))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100])
def test_damaged_answers_are_none(content: bytes, tmp_path: Path) -> None:
    answers_path(tmp_path / MODEL).write_bytes(content)
    assert read_answers(tmp_path / MODEL) is None


@pytest.mark.parametrize(
    "change",
    [
        {"labels": np.full(60, 3, np.int32)},
        {"labels": np.full(60, -1, np.int32)},
        {"labels": np.zeros(59, np.int32)},
        {"probabilities": np.full((60, 3), np.nan, np.float32)},
        {"mistakes": np.array([60])},
        {"images": np.zeros((1, 32, 32, 4), np.uint8)},
    ],
)
def test_answers_that_do_not_fit_are_none(easy: Dataset, change: dict[str, object], tmp_path: Path) -> None:
    probabilities = np.full((60, 3), 1 / 3, np.float32)
    answers = SavedAnswers(easy.test.labels, probabilities, np.array([1]), easy.test.images[:1])
    write_answers(answers, tmp_path / MODEL)
    assert read_answers(tmp_path / MODEL) is not None
    write_answers(replace(answers, **change), tmp_path / MODEL)  # type: ignore[arg-type]
    assert read_answers(tmp_path / MODEL) is None


def test_the_command(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", str(trained), "--out", str(tmp_path / "page.html")]) == 0
    assert capsys.readouterr().out == f"Written as {tmp_path / 'page.html'}\n"
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert cli.main(["report", str(tmp_path)]) == 1
    assert "There is no run in" in capsys.readouterr().err
    assert cli.main(["report", str(trained), "--out", str(tmp_path / "page.html" / "page.html")]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_it_replaces_a_page(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("old")
    write_report(find_run(trained), tmp_path / "page.html")
    assert "old" not in (tmp_path / "page.html").read_text(encoding="utf-8")[:20]
