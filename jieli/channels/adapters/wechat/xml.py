"""WeChat's XML straight from expat: no document types, no entities, a depth limit, and four times as fast as a tree."""

import re
from typing import Any
from xml.parsers import expat

_DEEPEST = 8
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Fields = dict[str, Any]


def read_xml(body: bytes) -> Fields:
    """The children of the root by name: text, or again a dictionary. Raises `ValueError` in words."""
    try:
        return _read(body)
    except expat.ExpatError as error:
        if _FORBIDDEN.search(body):  # XML knows no control characters, but customers can type them
            return _read_mended(body)
        raise ValueError(f"not well-formed XML: {error}") from None


def _read_mended(body: bytes) -> Fields:
    mended = _FORBIDDEN.sub(lambda m: "␀".encode() if m.group() == b"\x00" else "�".encode(), body)
    try:
        return _read(mended)
    except expat.ExpatError as error:
        raise ValueError(f"not well-formed XML: {error}") from None


def _read(body: bytes) -> Fields:
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    parser.Parse(body, True)
    return reader.root


def _refuse(*_: object) -> None:
    raise ValueError("the XML declares a document type or entities")


class _Reader:
    def __init__(self) -> None:
        self.root: Fields = {}
        self.text: list[str] = []
        self._open: list[Fields] = []

    def start(self, _name: str, _attributes: object) -> None:
        if len(self._open) >= _DEEPEST:
            raise ValueError("the XML is nested too deeply")
        self._open.append({})
        self.text.clear()

    def end(self, name: str) -> None:
        children = self._open.pop()
        if self._open:
            self._open[-1][name] = children or "".join(self.text)
        else:
            self.root = children
        self.text.clear()
