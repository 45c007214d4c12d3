from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from jieli.supply.sources.port import Manifest


@cache
def manifests() -> dict[str, Manifest]:
    """Every kind of source that has a folder here."""
    found = [
        import_module(f"{__name__}.{module.name}.manifest").MANIFEST
        for module in iter_modules(__path__)
        if module.ispkg
    ]
    return {manifest.kind: manifest for manifest in found}
