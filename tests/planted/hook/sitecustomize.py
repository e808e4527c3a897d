"""Makes this Python process import one module with a planted defect (``tests.planted.planting``).

Python imports a module of this name when it starts, from the folders of PYTHONPATH.
PLANTED_DEFECT names the module, and the file with its compiled code.
"""

import marshal
import os
import sys
from _frozen_importlib_external import PathFinder, SourceFileLoader

_MODULE, _, _CODE = os.environ.get("PLANTED_DEFECT", "").partition("=")


class _Planted(SourceFileLoader):
    """Loads the module; its code is the compiled one."""

    def get_code(self, _fullname):
        with open(_CODE, "rb") as file:
            return marshal.load(file)  # noqa: S302 - we have written it


class _Finder:
    """Finds the one module, in its place."""

    @staticmethod
    def find_spec(name, path=None, _target=None):
        if name != _MODULE:
            return None
        spec = PathFinder.find_spec(name, path)
        spec.loader = _Planted(name, spec.origin)
        return spec


if _CODE.endswith(f".{sys.implementation.cache_tag}"):  # another version has other code
    sys.meta_path.insert(0, _Finder)
