"""Keys for programs, the record of acts, links that open once, and what people are told."""

from accounts.models.keys import (
    MAX_TOKENS_PER_ACCOUNT,
    YEAR,
    ApiToken,
    AuditEvent,
    Preference,
    digest,
)
from accounts.models.links import Identity, OneUseLink, RecoveryCode
from accounts.models.notices import Letter, MailChoice, Notice, NoticeKind, Pace

__all__ = [
    "MAX_TOKENS_PER_ACCOUNT",
    "YEAR",
    "ApiToken",
    "AuditEvent",
    "Identity",
    "Letter",
    "MailChoice",
    "Notice",
    "NoticeKind",
    "OneUseLink",
    "Pace",
    "Preference",
    "RecoveryCode",
    "digest",
]
