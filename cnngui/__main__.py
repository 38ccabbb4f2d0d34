"""``python -m cnngui``."""

import sys

from cnngui.cli import main

sys.exit(main())
