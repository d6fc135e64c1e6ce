"""``_md5``, ``_sha``, ``_sha256`` and ``_sha512``."""

from ouro.interp_py27.modules.hashing._md5 import Md5
from ouro.interp_py27.modules.hashing._sha1 import Sha1
from ouro.interp_py27.modules.hashing._sha2 import Sha256, Sha512
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type

HEXADECIMAL = "0123456789abcdef"


class W_Hash(W_Root):
    """A hash object of any kind; the subclasses are its application types."""

    _attrs_ = ("digest", "name", "size")

    def __init__(self, digest, name, size):
        self.digest = digest
        self.name = name
        self.size = size

    def fresh(self, digest):
        raise NotImplementedError


class W_Md5(W_Hash):
    def fresh(self, digest):
        return W_Md5(digest, self.name, self.size)


class W_Sha1(W_Hash):
    def fresh(self, digest):
        return W_Sha1(digest, self.name, self.size)


class W_Sha256(W_Hash):
    def fresh(self, digest):
        return W_Sha256(digest, self.name, self.size)


class W_Sha512(W_Hash):
    def fresh(self, digest):
        return W_Sha512(digest, self.name, self.size)


def hash_copy(self):
    """Return a copy of the hash object."""
    return self.fresh(self.digest.copy())


def hash_digest(self):
    """Return the digest value as a string of binary data."""
    return space.newstr(self.digest.digest())


def hash_hexdigest(self):
    """Return the digest value as a string of hexadecimal digits."""
    characters = []
    for character in self.digest.digest():
        characters.append(HEXADECIMAL[ord(character) >> 4])
        characters.append(HEXADECIMAL[ord(character) & 15])
    return space.newstr("".join(characters))


@unwrap_spec(string="buffer")
def hash_update(self, string):
    """Update this hash object's state with the provided string."""
    self.digest.update(string)


def get_name(self):
    return space.newstr(self.name)


def get_digest_size(self):
    return space.newint(self.size)


def get_block_size(self):
    return space.newint(self.digest.block_size)


def _define(cls, name, module):
    define_type(cls, name, {
        "copy": hash_copy, "digest": hash_digest, "hexdigest": hash_hexdigest, "update": hash_update,
        "name": GetSet(get_name), "digest_size": GetSet(get_digest_size), "digestsize": GetSet(get_digest_size),
        "block_size": GetSet(get_block_size),
    }, module=module, acceptable_as_base=False)


@unwrap_spec(string="buffer")
def new_md5(string=""):
    """new([arg]) -> md5 object\n\nReturn a new md5 object. If arg is present, the method call update(arg)\nis made."""
    w_hash = W_Md5(Md5(), "MD5", 16)
    w_hash.digest.update(string)
    return w_hash


@unwrap_spec(string="buffer")
def new_sha1(string=""):
    """Return a new SHA hash object.  An optional string argument\nmay be provided; if present, this string will be
automatically\nhashed."""
    w_hash = W_Sha1(Sha1(), "SHA1", 20)
    w_hash.digest.update(string)
    return w_hash


@unwrap_spec(string="buffer")
def new_sha224(string=""):
    """Return a new SHA-224 hash object; optionally initialized with a string."""
    w_hash = W_Sha256(Sha256(28), "SHA224", 28)
    w_hash.digest.update(string)
    return w_hash


@unwrap_spec(string="buffer")
def new_sha256(string=""):
    """Return a new SHA-256 hash object; optionally initialized with a string."""
    w_hash = W_Sha256(Sha256(32), "SHA256", 32)
    w_hash.digest.update(string)
    return w_hash


@unwrap_spec(string="buffer")
def new_sha384(string=""):
    """Return a new SHA-384 hash object; optionally initialized with a string."""
    w_hash = W_Sha512(Sha512(48), "SHA384", 48)
    w_hash.digest.update(string)
    return w_hash


@unwrap_spec(string="buffer")
def new_sha512(string=""):
    """Return a new SHA-512 hash object; optionally initialized with a string."""
    w_hash = W_Sha512(Sha512(64), "SHA512", 64)
    w_hash.digest.update(string)
    return w_hash


_define(W_Md5, "md5", "_md5")
_define(W_Sha1, "sha", "_sha")
_define(W_Sha256, "sha256", "_sha256")
_define(W_Sha512, "sha512", "_sha512")

define_module("_md5", {"new": new_md5, "MD5Type": W_Md5, "digest_size": 16})
define_module("_sha", {"new": new_sha1, "blocksize": 1, "digestsize": 20, "digest_size": 20})
define_module("_sha256", {"sha224": new_sha224, "sha256": new_sha256})
define_module("_sha512", {"sha384": new_sha384, "sha512": new_sha512})
