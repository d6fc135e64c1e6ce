"""``resource``: limits of a process and what it has used."""

import errno
import resource as host_resource

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import OperationError, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rresource

EINVAL = errno.EINVAL
EPERM = errno.EPERM
LIMITS = host_resource.RLIM_NLIMITS if hasattr(host_resource, "RLIM_NLIMITS") else 16

w_resource_error = new_exception_class("resource.error", space.w_Exception)

W_StructRusage = define_structure(
    "resource.struct_rusage",
    "ru_utime ru_stime ru_maxrss ru_ixrss ru_idrss ru_isrss ru_minflt ru_majflt ru_nswap ru_inblock ru_oublock "
    "ru_msgsnd ru_msgrcv ru_nsignals ru_nvcsw ru_nivcsw".split(),
    doc="""struct_rusage: Result from getrusage.

This object may be accessed either as a tuple of
    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,
    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)
or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.""",
)


def failure(number):
    return OperationError(w_resource_error, space.system_error_arguments(number, None))


@unwrap_spec(who=int)
def getrusage(who):
    try:
        usage = rresource.getrusage(who)
    except OSError as error:
        if error.errno == EINVAL:
            raise value_error("invalid who parameter")
        raise failure(error.errno)
    return usage_object(usage)


def usage_object(usage):
    """What `rresource.Usage` stands for."""
    fields_w = [space.newfloat(usage.user), space.newfloat(usage.system)]
    for count in usage.counts:
        fields_w.append(space.newint(count))
    return W_StructRusage(fields_w[:])


def check_limit(which):
    if which < 0 or which >= LIMITS:
        raise value_error("invalid resource specified")


@unwrap_spec(which=int)
def getrlimit(which):
    check_limit(which)
    try:
        current, most = rresource.getrlimit(which)
    except OSError as error:
        raise failure(error.errno)
    return space.newtuple([space.newint(current), space.newint(most)])


@unwrap_spec(which=int)
def setrlimit(which, w_limits):
    check_limit(which)
    limits_w = space.unpack_list(w_limits)
    if len(limits_w) != 2:
        raise value_error("expected a tuple of 2 integers")
    current = space.int_w(limits_w[0])
    most = space.int_w(limits_w[1])
    try:
        rresource.setrlimit(which, current, most)
    except OSError as error:
        if error.errno == EINVAL:
            raise value_error("current limit exceeds maximum limit")
        if error.errno == EPERM:
            raise value_error("not allowed to raise maximum limit")
        raise failure(error.errno)


def getpagesize():
    return space.newint(rresource.getpagesize())


NAMES = """
RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_MEMLOCK RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_OFILE
RLIMIT_RSS RLIMIT_STACK RLIMIT_VMEM RLIM_INFINITY RUSAGE_BOTH RUSAGE_CHILDREN RUSAGE_SELF
""".split()
CONSTANTS = {name: int(getattr(host_resource, name)) for name in NAMES if hasattr(host_resource, name)}

define_module("resource", dict(
    CONSTANTS,
    getrusage=getrusage,
    getrlimit=getrlimit,
    setrlimit=setrlimit,
    getpagesize=getpagesize,
    struct_rusage=W_StructRusage,
    error=w_resource_error,
))
