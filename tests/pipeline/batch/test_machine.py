"""Containers as both generations of control groups describe them."""

from pipeline.batch.machine import available_memory, processors

GIB = 1 << 30


def system(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_what_the_system_can_give_back_counts_as_available(tmp_path):
    text = "MemTotal: 16000000 kB\nMemFree: 100000 kB\nMemAvailable: 8000000 kB\n"
    assert available_memory(system(tmp_path, {"proc/meminfo": text})) == 8000000 * 1024
    assert available_memory(tmp_path / "nothing") is None


def test_a_containers_own_limits_come_before_its_hosts(tmp_path):
    root = system(
        tmp_path,
        {
            "proc/meminfo": "MemAvailable: 64000000 kB\n",
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": f"{4 * GIB}\n",
            "sys/fs/cgroup/a/memory.current": f"{3 * GIB}\n",
            "sys/fs/cgroup/a/memory.stat": f"anon 5\ninactive_file {GIB}\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n",
            "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            "sys/fs/cgroup/a/cpu.max": "50000 100000\n",
        },
    )
    assert available_memory(root) == 2 * GIB
    assert processors(root) == 1


def test_the_first_generation_of_control_groups(tmp_path):
    root = system(
        tmp_path,
        {
            "proc/meminfo": "MemAvailable: 64000000 kB\n",
            "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/x\n",
            "sys/fs/cgroup/memory/x/memory.limit_in_bytes": f"{6 * GIB}\n",
            "sys/fs/cgroup/memory/x/memory.usage_in_bytes": f"{GIB}\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{GIB}\n",
            "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "100000\n",
        },
    )
    assert available_memory(root) == 5 * GIB
    assert processors(root) == processors(tmp_path / "nothing")
