"""A clock that jumps, for processes that a test starts: the time of day alone, as an operator or
NTP sets it. A small library stands before the C library's own calls; seconds come from a file that
all processes share, so that a jump is seen by all at once, SQLite inside them too.
"""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long long none = 0;
static volatile long long *offset = &none;

__attribute__((constructor)) static void open_offset(void) {
    const char *path = getenv("WRONG_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *page = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED) offset = page;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(clock, now);
    if (!code && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
    return code;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec real;
    int code = clock_gettime(CLOCK_REALTIME, &real);
    if (now) { now->tv_sec = real.tv_sec; now->tv_usec = real.tv_nsec / 1000; }
    return code;
}

time_t time(time_t *out) {
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    if (out) *out = real.tv_sec;
    return real.tv_sec;
}
"""


class NoCompiler(Exception):
    """There is no C compiler, so there is no clock to set."""


class WrongClock:
    """`variables` for the processes that shall have it; `jump` sets it by so many seconds."""

    def __init__(self, folder: Path) -> None:
        library, told = folder / "wrong_clock.so", folder / "wrong_clock"
        _build(folder / "wrong_clock.c", library)
        told.write_bytes(bytes(8))
        with told.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 8)
        self.variables = {"LD_PRELOAD": str(library), "WRONG_CLOCK": str(told)}

    def set(self, seconds: int) -> None:
        """How far it is ahead of the right time; negative: behind."""
        self._page[:8] = struct.pack("=q", seconds)


def _build(source: Path, library: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("No C compiler is installed.")
    source.write_text(SOURCE)
    line = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(line, check=True)
