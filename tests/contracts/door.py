"""An import-linter contract: a module is entered by its door only.

Outside `jieli.tickets`, only `jieli.tickets.facade`, `.contracts`, `.events` and `.errors` may be imported. The kernel is
a set of tools without domain words and has no door. There is no exception list on purpose.
"""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorContract(Contract):
    type_name = "door"

    root = fields.StringField()
    doors = fields.ListField(subfield=fields.StringField())
    without_door = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = sorted(
            (importer, imported)
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._through_the_wall(importer, imported)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}, which is behind the door")

    def _through_the_wall(self, importer: str, imported: str) -> bool:
        module, rest = self._split(imported)
        if not rest or module in self.without_door or self._split(importer)[0] == module:
            return False
        return rest not in self.doors

    def _split(self, name: str) -> tuple[str, str]:
        """`jieli.tickets.facade` → ("tickets", "facade"); names outside the root have no module."""
        prefix = f"{self.root}."
        if not name.startswith(prefix):
            return "", ""
        module, _, rest = name.removeprefix(prefix).partition(".")
        return module, rest
