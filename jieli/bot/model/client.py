"""An OpenAI-compatible chat endpoint, if one is configured. Off by default."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from django.conf import settings

from jieli.kernel.errors import Permanent, Transient

Message = Mapping[str, Any]
Chat = Callable[[Sequence[Message], Sequence[Mapping[str, Any]]], Message]
_TIMEOUT_S = 12.0


def configured() -> str:
    """The name of the model, or "" when none is configured."""
    return str(settings.JIELI_LLM_MODEL) if settings.JIELI_LLM_URL and settings.JIELI_LLM_MODEL else ""


def chat(
    messages: Sequence[Message],
    tools: Sequence[Mapping[str, Any]],
    *,
    transport: httpx.BaseTransport | None = None,
) -> Message:
    """One completion: the assistant's message. Raises `Transient` or `Permanent`; never call it in a transaction."""
    body: dict[str, Any] = {"model": settings.JIELI_LLM_MODEL, "messages": list(messages), "temperature": 0}
    if tools:
        body["tools"] = list(tools)
    headers = {"Authorization": f"Bearer {settings.JIELI_LLM_KEY}"} if settings.JIELI_LLM_KEY else {}
    try:
        with httpx.Client(timeout=_TIMEOUT_S, transport=transport) as client:
            answer = client.post(_address(), json=body, headers=headers)
    except httpx.HTTPError as error:
        raise Transient(f"the model cannot be reached: {error}") from error
    if answer.status_code in (408, 429) or answer.status_code >= 500:
        raise Transient(f"the model answered {answer.status_code}")
    if answer.status_code != 200:
        raise Permanent(f"the model refused: {answer.status_code}")
    return _message(answer)


def _address() -> str:
    return f"{str(settings.JIELI_LLM_URL).rstrip('/')}/chat/completions"


def _message(answer: httpx.Response) -> Message:
    try:
        message = answer.json()["choices"][0]["message"]
    except (ValueError, LookupError, TypeError):
        raise Permanent("the model's answer has no message") from None
    if not isinstance(message, dict):
        raise Permanent("the model's message is no object")
    return message
