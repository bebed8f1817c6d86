"""Modules that are read only when somebody needs them."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any


class _Late(ModuleType):
    """A module whose file is run when the first of its names is asked for."""

    def __getattr__(self, name: str) -> Any:
        # Asked only for names that the module does not have, or does not have yet.
        spec: ModuleSpec = self.__spec__  # type: ignore[assignment]  # -- set by module_from_spec
        with spec.loader_state["lock"]:
            if not spec.loader_state["is_run"]:
                spec.loader_state["is_run"] = True
                self._run(spec)
        if name in self.__dict__:
            return self.__dict__[name]
        message = f"module {self.__name__!r} has no attribute {name!r}"
        raise AttributeError(message)

    def _run(self, spec: ModuleSpec) -> None:
        assert spec.loader is not None, "load_late looked"
        try:
            spec.loader.exec_module(self)
        except BaseException:
            spec.loader_state["is_run"] = False
            raise
        self.__class__ = ModuleType  # type: ignore[assignment]  # -- from here on a module as any other


def load_late(name: str) -> None:
    """Let ``import name`` cost nothing until an attribute of the module is used.

    For modules of libraries that drag much along and are needed by few requests. Does nothing where
    the module was read already. ``from name import attribute`` reads it at once.

    Args:
        name: A module with dots; its parent is imported.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    spec.loader_state = {"lock": RLock(), "is_run": False}
    module = module_from_spec(spec)
    module.__class__ = _Late
    sys.modules[name] = module
    parent, _dot, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
