"""`struct rusage` for the modules that read it: two times in seconds, and its counts in their order."""

from __future__ import annotations

USAGE_COUNTS = 14

#: To be put before the C functions of a library that includes `sys/resource.h`.
FILL_USAGE = r"""
static void ouro_fill_usage(const struct rusage *usage, double *seconds, long *counts)
{
    seconds[0] = usage->ru_utime.tv_sec + usage->ru_utime.tv_usec * 1e-6;
    seconds[1] = usage->ru_stime.tv_sec + usage->ru_stime.tv_usec * 1e-6;
    counts[0] = usage->ru_maxrss;
    counts[1] = usage->ru_ixrss;
    counts[2] = usage->ru_idrss;
    counts[3] = usage->ru_isrss;
    counts[4] = usage->ru_minflt;
    counts[5] = usage->ru_majflt;
    counts[6] = usage->ru_nswap;
    counts[7] = usage->ru_inblock;
    counts[8] = usage->ru_oublock;
    counts[9] = usage->ru_msgsnd;
    counts[10] = usage->ru_msgrcv;
    counts[11] = usage->ru_nsignals;
    counts[12] = usage->ru_nvcsw;
    counts[13] = usage->ru_nivcsw;
}
"""


def host_fill_usage(usage, seconds, counts):
    """The same for what the host's `resource` and `os` give."""
    seconds[0], seconds[1] = usage[:2]
    for i in range(USAGE_COUNTS):
        counts[i] = usage[2 + i]


class Usage:
    """Processor time in seconds, and a list of the fourteen counts in the order of `struct rusage`."""

    def __init__(self, user, system, counts):
        self.user = user
        self.system = system
        self.counts = counts


def usage_of(seconds, counts):
    """What two raw arrays hold that `ouro_fill_usage` filled."""
    return Usage(seconds[0], seconds[1], [counts[i] for i in range(USAGE_COUNTS)])
