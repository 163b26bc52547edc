"""Tell the program where its folder keeps the DLLs and the fonts."""

import os
import sys
from pathlib import Path

_FOLDER = Path(sys.executable).parents[1]
os.environ["WEASYPRINT_DLL_DIRECTORIES"] = str(_FOLDER / "dll")
os.environ.setdefault("FONTCONFIG_FILE", str(_FOLDER / "dll/fonts.conf"))
os.environ.setdefault("REPORTGEN_FONTS", str(_FOLDER / "fonts"))
