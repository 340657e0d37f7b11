"""A backup: a folder with the database of one moment and every file that it names.

`NAME.partial` until it is complete, then renamed; a run that was cut off goes on where it
stopped. `backup.json` is written last and holds the digests of what lies beside it.
"""

from annotate.backups.making import make
from annotate.backups.manifest import Damaged, Manifest
from annotate.backups.restoring import restore, verify

__all__ = ["Damaged", "Manifest", "make", "restore", "verify"]
