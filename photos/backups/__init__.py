"""A backup: a folder with the database of one moment and every file that it names.

`NAME.partial` until it is complete, then renamed; a run that was cut off goes on where it
stopped. `backup.json` is written last and holds the digests of what lies beside it.
"""

from photos.backups.backup import make
from photos.backups.manifest import Damaged, Manifest
from photos.backups.restore import restore, verify

__all__ = ["Damaged", "Manifest", "make", "restore", "verify"]
