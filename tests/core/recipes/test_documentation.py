"""The recipe page and its table are those of the settings."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_recipe_page_has_the_tables_of_the_settings_and_layers() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    script = runpy.run_path(str(ROOT / "scripts" / "settings_table.py"))
    for table in ("table", "layer_table"):
        assert script[table]() in page, "Run scripts/settings_table.py, and put its tables into docs/recipes.md."
