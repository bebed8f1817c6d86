"""Letters, what a member should know, and how they wish to be told."""

from penstock.notices.models.message import Attachment, Message
from penstock.notices.models.notice import Notice, Wishes

__all__ = ["Attachment", "Message", "Notice", "Wishes"]
