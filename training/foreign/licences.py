"""What a licence says about commerce, as far as its SPDX identifier tells."""

import re

NAMED = re.compile(r"(LicenseRef-)?[A-Za-z0-9][A-Za-z0-9.+-]*( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")
AGAINST = re.compile(r"(^|[^A-Za-z])NC([^A-Za-z]|$)|non-?commercial|research-?only", re.IGNORECASE)


def is_named(licence: str) -> bool:
    """Whether it is an SPDX identifier or expression, or `LicenseRef-` and a name."""
    return len(licence) <= 120 and NAMED.fullmatch(licence) is not None


def forbids_commerce(licence: str) -> bool:
    """CC-BY-NC-4.0, PolyForm-Noncommercial-1.0.0, LicenseRef-research-only and their like."""
    return AGAINST.search(licence) is not None
