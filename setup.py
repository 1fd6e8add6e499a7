"""Puts the data that lies beside the packages (``asterisk-conf``, ``cities``) into the wheel.

Everything else about the package stands in ``setup.cfg``.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("asterisk-conf", "cities")


class BuildWithData(build_py):
    """The ordinary build, then a copy of the data folders to where ``hotline.resources`` looks for them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name in SHIPPED:
            target = Path(self.build_lib) / "hotline" / "shipped" / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(name, target, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": BuildWithData})
