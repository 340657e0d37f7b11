"""What a process may use that reads what a stranger sent, said before it opens the file. Pure."""

import ctypes
import os
import resource

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def confine(*, memory: int, cpu_seconds: int, file_bytes: int) -> None:
    """Limits of this process from here on: bytes of address space (0: none), seconds, bytes of any
    file that it writes; and no core dump."""
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_the_network() -> bool:
    """A network of its own with nothing in it, where the kernel lets a plain user have one.

    Called before any thread is started; False where the kernel refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def open_nothing_more() -> None:
    """No further descriptor: neither a file nor a socket. What is open stays usable."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def allow_seconds(seconds: int) -> None:
    """So many more seconds of computing from now, within what `confine` allowed for good."""
    used = sum(os.times()[:2])
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, most) if most > 0 else soft, most))
