"""System calls do what the host's `os` does, and fail with errno."""

import errno
import os
import signal

import pytest
from ouro.rlib import rposix


def test_files_are_written_read_and_removed(tmp_path):
    path = str(tmp_path / "file")
    fd = rposix.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    assert rposix.write(fd, "hello \xff\x00world") == 13
    assert rposix.lseek(fd, 6, os.SEEK_SET) == 6
    assert rposix.read(fd, 100) == "\xff\x00world"
    assert rposix.read(fd, 100) == ""
    rposix.ftruncate(fd, 5)
    assert rposix.fstat(fd).st_size == 5
    rposix.close(fd)
    assert rposix.stat(path).st_mode == os.stat(path).st_mode
    assert rposix.stat(path).is_regular()
    assert rposix.access(path, os.R_OK)
    rposix.chmod(path, 0o600)
    assert rposix.stat(path).st_mode & 0o777 == 0o600
    rposix.utime(path, 1000.0, 2000.5)
    assert rposix.stat(path).st_mtime_ns == 2000500000000
    rposix.rename(path, path + "2")
    rposix.link(path + "2", path)
    assert rposix.stat(path).st_nlink == 2
    rposix.unlink(path)
    assert not rposix.access(path, os.F_OK)


def test_directories_and_links(tmp_path):
    folder = str(tmp_path / "folder")
    rposix.mkdir(folder)
    assert rposix.stat(folder).is_directory()
    names = ["a", "b\xc3\xa4", "c" * 200]
    for name in names:
        rposix.close(rposix.open(folder + "/" + name, os.O_CREAT | os.O_WRONLY, 0o600))
    assert sorted(rposix.listdir(folder)) == sorted(names)
    rposix.symlink("target", folder + "/link")
    assert rposix.readlink(folder + "/link") == "target"
    assert rposix.lstat(folder + "/link").is_link()
    before = rposix.getcwd()
    rposix.chdir(folder)
    try:
        assert rposix.getcwd() == os.getcwd()
    finally:
        rposix.chdir(before)
    for name in rposix.listdir(folder):
        rposix.unlink(folder + "/" + name)
    rposix.rmdir(folder)


@pytest.mark.parametrize(
    "call, number",
    [
        (lambda: rposix.open("/no/such", os.O_RDONLY), errno.ENOENT),
        (lambda: rposix.stat("/no/such"), errno.ENOENT),
        (lambda: rposix.listdir("/no/such"), errno.ENOENT),
        (lambda: rposix.close(-1), errno.EBADF),
        (lambda: rposix.fstat(-1), errno.EBADF),
        (lambda: rposix.read(-1, 5), errno.EBADF),
        (lambda: rposix.read(0, -5), errno.EINVAL),
        (lambda: rposix.mkdir("/"), errno.EEXIST),
        (lambda: rposix.readlink("/"), errno.EINVAL),
        (lambda: rposix.execv("/no/such", ["x"]), errno.ENOENT),
        (lambda: rposix.kill(2**22 + 1, 0), errno.ESRCH),
    ],
)
def test_failures_raise_oserror_with_errno(call, number):
    with pytest.raises(OSError) as caught:
        call()
    assert caught.value.errno == number
    assert caught.value.strerror == os.strerror(number)


def test_failures_about_a_file_name_it():
    for call in (os.open, rposix.open):
        with pytest.raises(FileNotFoundError) as caught:
            call("/no/such", os.O_RDONLY)
        assert str(caught.value) == "[Errno 2] No such file or directory: '/no/such'"


def test_pipes_and_processes():
    reader, writer = rposix.pipe()
    pid = rposix.fork()
    if pid == 0:
        rposix.write(writer, "child %d" % rposix.getppid())
        rposix.exit_now(7)
    rposix.close(writer)
    assert rposix.read(reader, 100) == "child %d" % rposix.getpid()
    rposix.close(reader)
    waited, status = rposix.waitpid(pid, 0)
    assert waited == pid
    assert rposix.WIFEXITED(status) and rposix.WEXITSTATUS(status) == 7


def test_a_signal_ends_a_process():
    pid = rposix.fork()
    if pid == 0:
        signal.alarm(20)
        signal.pause()
    rposix.kill(pid, int(signal.SIGKILL))
    _, status = rposix.waitpid(pid, 0)
    assert rposix.WIFSIGNALED(status) and rposix.WTERMSIG(status) == int(signal.SIGKILL)
    assert not rposix.WIFEXITED(status) and not rposix.WIFSTOPPED(status)


def test_another_program_gets_arguments_and_environment():
    reader, writer = rposix.pipe()
    pid = rposix.fork()
    if pid == 0:
        rposix.dup2(writer, 1)
        rposix.execve("/bin/sh", ["sh", "-c", 'echo "$0 $X"', "arg"], ["X=5"])
    rposix.close(writer)
    assert rposix.read(reader, 100) == "arg 5\n"
    rposix.close(reader)
    assert rposix.waitpid(pid, 0)[1] == 0


def test_the_environment_can_be_changed():
    assert rposix.getenv("OURO_NO_SUCH") is None
    rposix.putenv("OURO_TEST", "x=y")
    assert rposix.getenv("OURO_TEST") == "x=y"
    rposix.unsetenv("OURO_TEST")
    assert rposix.getenv("OURO_TEST") is None
    assert "PATH=" + os.environ["PATH"] in rposix.environ_items()


def test_facts_about_the_process_are_those_of_the_host():
    assert rposix.getpid() == os.getpid()
    assert rposix.getuid() == os.getuid()
    assert rposix.getegid() == os.getegid()
    assert rposix.getpgrp() == os.getpgrp()
    assert sorted(rposix.getgroups()) == sorted(os.getgroups())
    assert rposix.uname() == list(os.uname())
    assert rposix.strerror(2) == os.strerror(2)
    assert len(rposix.times()) == 5
    assert rposix.sysconf(os.sysconf_names["SC_PAGE_SIZE"]) == os.sysconf("SC_PAGE_SIZE")
    assert rposix.system("exit 3") == 3 << 8
    assert not rposix.isatty(rposix.open("/dev/null", os.O_RDONLY))


def test_random_characters_are_as_many_as_asked_for():
    assert len(rposix.urandom(20)) == 20
    assert rposix.urandom(20) != rposix.urandom(20)
