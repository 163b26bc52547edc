"""Tell the program, and the libraries, where the folder keeps fonts and dictionaries."""

import os
import sys
from pathlib import Path

_FOLDER = Path(sys.executable).parents[2]
os.environ.setdefault("FONTCONFIG_FILE", str(_FOLDER / "lib/fonts.conf"))
os.environ.setdefault("REPORTGEN_FONTS", str(_FOLDER / "fonts"))
os.environ.setdefault("LIBTHAI_DICTDIR", str(_FOLDER / "lib/libthai"))
