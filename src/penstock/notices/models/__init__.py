"""Messages and what is attached to them."""

from penstock.notices.models.message import Attachment, Message

__all__ = ["Attachment", "Message"]
