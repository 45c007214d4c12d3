"""One declaration, many doors: a facade function marked as a capability can be called from Python, over REST, and
as a tool of the bot or of a language model. That is how modules are composed without knowing each other.

    @capability("matters.hand_over", permission="conversation.hand_over", rest="POST /matters/{matter}/hand-over")
    def hand_over(actor: Actor, *, matter: UUID, to: str, why: str) -> Handover: ...

The function takes the actor and keyword arguments only; their annotations are its typed input, its return
annotation is its typed output.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from jieli.kernel import http
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid, NotFound

F = TypeVar("F", bound=Callable[..., Any])
_known: dict[str, "Capability"] = {}
_mounted: set[str] = set()


@dataclass(frozen=True)
class Capability:
    name: str
    permission: str
    idempotent: bool
    rest: str
    tool: bool
    run: Callable[..., Any]

    @cached_property
    def summary(self) -> str:
        return (inspect.getdoc(self.run) or self.name).split("\n", maxsplit=1)[0]

    @cached_property
    def hints(self) -> dict[str, Any]:
        return get_type_hints(self.run, include_extras=True)

    @cached_property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        parameters = inspect.signature(self.run).parameters.values()
        return {
            p.name: (self.hints[p.name], ... if p.default is p.empty else p.default)
            for p in parameters
            if p.kind is p.KEYWORD_ONLY
        }

    def input(self, *, without: frozenset[str] = frozenset()) -> type[BaseModel]:
        fields: dict[str, Any] = {name: spec for name, spec in self.fields.items() if name not in without}
        title = "".join(part.title() for part in self.name.replace(".", "_").split("_")) + "Input"
        return create_model(title, __config__=ConfigDict(extra="forbid"), **fields)

    @cached_property
    def output(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.hints["return"])

    def as_tool(self) -> dict[str, Any]:
        """The declaration in the form language models are given (JSON Schema)."""
        return {
            "type": "function",
            "function": {
                "name": self.name.replace(".", "__"),
                "description": inspect.getdoc(self.run) or self.name,
                "parameters": self.input().model_json_schema(),
            },
        }


def capability(
    name: str, *, permission: str, rest: str = "", idempotent: bool = False, tool: bool = False
) -> Callable[[F], F]:
    """Mark a facade function. `rest` is "VERB /path/{argument}"; `tool` offers it to the bot."""

    def register(run: F) -> F:
        def checked(actor: Actor, /, **arguments: Any) -> Any:
            actor.require(permission)
            return run(actor, **arguments)

        checked.__wrapped__ = run  # type: ignore[attr-defined]
        checked.__doc__, checked.__name__, checked.__module__ = run.__doc__, run.__name__, run.__module__
        checked.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]
        checked.__annotations__ = run.__annotations__
        _known[name] = Capability(name, permission, idempotent, rest, tool, checked)
        return checked  # type: ignore[return-value]

    return register


def known() -> list[Capability]:
    return [_known[name] for name in sorted(_known)]


def tools(actor: Actor) -> list[Capability]:
    return [found for found in known() if found.tool and actor.may(found.permission)]


def call(actor: Actor, name: str, arguments: dict[str, Any]) -> Any:
    """Call by name with plain JSON arguments; returns plain JSON. Raises `Invalid` for arguments that do not fit."""
    found = _known.get(name.replace("__", "."))
    if found is None:
        raise NotFound(f"There is no capability “{name}”.")
    try:
        given = found.input().model_validate(arguments)
    except ValidationError as error:
        raise Invalid(f"{name}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from None
    result = found.run(actor, **{key: getattr(given, key) for key in found.fields})
    return json.loads(found.output.dump_json(result))


def mount(router: Router, *, of: str = "") -> None:
    """Add every capability that names a REST address to the API.

    A module whose own router has the same address under another verb mounts its capabilities there itself (`of` is
    the module's package); the first router with an address answers for all verbs of it.
    """
    for found in known():
        mine = found.run.__module__.startswith(f"{of}.") if of else found.name not in _mounted
        if found.rest and mine:
            if of:
                _mounted.add(found.name)
            verb, path = found.rest.split(" ", 1)
            _mount(router, found, verb, path)


def _mount(router: Router, found: Capability, verb: str, path: str) -> None:
    in_path = frozenset(name for name in found.fields if f"{{{name}}}" in path)
    parameters = [
        inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
    ]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=found.fields[name][0])
        for name in sorted(in_path)
    ]
    body = found.input(without=in_path)
    if verb == "GET":
        parameters += [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for name, (kind, default) in found.fields.items()
            if name not in in_path
        ]
    elif body.model_fields:
        parameters.append(inspect.Parameter("body", inspect.Parameter.KEYWORD_ONLY, annotation=body))

    def endpoint(request: HttpRequest, **given: Any) -> Any:
        sent = given.pop("body", None)
        if sent is not None:
            given |= {name: getattr(sent, name) for name in type(sent).model_fields}
        return found.run(http.actor_of(request), **given)

    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    endpoint.__annotations__ = {p.name: p.annotation for p in parameters}
    endpoint.__name__ = found.name.replace(".", "_")
    router.api_operation(
        [verb],
        path,
        response=found.hints["return"],
        operation_id=found.name.replace(".", "_"),
        summary=found.summary,
    )(endpoint)
