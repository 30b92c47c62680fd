"""What apt, dpkg, pip, uv and mmdebstrap mean by their last words. Texts recorded from them are in the tests."""

from __future__ import annotations

import re
from enum import StrEnum


class Trouble(StrEnum):
    """Whose fault it is; the first that fits, in this order."""

    DISK = "no room"
    CERTIFICATE = "a certificate is not trusted"
    NETWORK = "no network"
    BUSY = "another program installs packages"
    HALF_INSTALLED = "an earlier installation was cut off"
    OLD_LISTS = "the lists of packages are older than the mirror"
    NOT_THE_SAME = "a package is not the one that was locked"
    PROCESSOR = "nothing ready-made for this processor"
    OTHER = "something else"


SIGNS = {
    Trouble.DISK: r"No space left on device|enough free space|Disk quota exceeded",
    Trouble.CERTIFICATE: r"certificate verif|CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer"
    r"|not valid yet|certificate is NOT trusted|certificate has expired",
    Trouble.NETWORK: r"Temporary failure|Could not resolve|Could not connect|Cannot initiate the connection"
    r"|Unable to connect|Connection (?:refused|timed out|failed|reset)|Network is unreachable"
    r"|Name or service not known|dns error|client error \(Connect\)|NewConnectionError|ConnectTimeout"
    r"|ReadTimeout|operation timed out|Failed to establish a new connection|No route to host"
    r"|error trying to connect|Proxy Authentication Required|Cannot connect to proxy",
    Trouble.BUSY: r"Could not get lock|Unable to lock|dpkg frontend lock|is locked by another process",
    Trouble.HALF_INSTALLED: r"dpkg was interrupted",
    Trouble.OLD_LISTS: r"404 +Not Found|Unable to locate package|no installation candidate|Hash Sum mismatch"
    r"|unexpected size|Couldn't find any package",
    Trouble.NOT_THE_SAME: r"Hash mismatch for|DO NOT MATCH THE HASHES",
    Trouble.PROCESSOR: r"no wheels? with a matching|no usable wheels|No matching distribution found"
    r"|not a supported wheel on this platform",
}


def trouble(said: str) -> Trouble:
    """said: a program's last lines."""
    return next((one for one, signs in SIGNS.items() if re.search(signs, said, re.IGNORECASE)), Trouble.OTHER)
