"""`jieli export contacts`: one line per inbound message, in the order of its conversation."""

from collections.abc import Iterator
from typing import Any

from jieli.channels import facade as channels
from jieli.channels.contracts import InboxId
from jieli.conversations import facade as conversations
from jieli.kernel import decisions
from jieli.relay import facade as relay

_CHUNK = 500


def contacts(channel: str = "") -> Iterator[dict[str, Any]]:
    """Plain JSON values: what came, who it was, what was decided, whose turn it is now."""
    for rows in conversations.incoming(_CHUNK):
        items = channels.inbox_items([InboxId(row.inbox) for row in rows])
        made = decisions.by_id([row.decision for row in rows])
        matters = relay.states([row.conversation for row in rows])
        for row in rows:
            item = items[InboxId(row.inbox)]
            if channel and item.channel.name != channel:
                continue
            decision, matter = made[row.decision], matters[row.conversation]
            yield {
                "channel": item.channel.name,
                "message_id": item.inbound.message_id,
                "sender": item.inbound.sender.key,
                "person": str(row.person),
                "conversation": str(row.conversation),
                "seq": row.seq,
                "received_at": item.received_at.isoformat(),
                "text": item.inbound.text,
                "decision": {
                    "action": decision.outcome,
                    "intent": decision.inputs.get("intent"),
                    "emotion": decision.inputs.get("emotion"),
                    "confidence": decision.inputs.get("confidence"),
                    "reasons": list(decision.reasons),
                    "model": decision.inputs.get("model"),
                },
                "matter": {
                    "holder": f"{matter.holder.kind}:{matter.holder.id}",
                    "next_step": matter.next_step,
                    "due_at": matter.due_at.isoformat() if matter.due_at else None,
                    "state": "open" if matter.open else "closed",
                },
            }
