"""Who Asterisk runs as when the controller is root: somebody who owns nothing but the instance's folders."""

from __future__ import annotations

import os
import pwd
import resource
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USERS = ("hotline", "nobody")


@dataclass(frozen=True)
class Owner:
    """uid, gid: None leaves the controller's own. warning: why it is root after all, "" when it is not."""

    uid: int | None = None
    gid: int | None = None
    warning: str = ""


def choose_owner(project: Path, home: Path, needs: Iterable[Path]) -> Owner:
    """The owner of the project folder, else `hotline`, else `nobody`: the first that exists and is not root.

    home: the instance's folder; it is made, and becomes his. needs: other folders he must be able to read
    (modules, prompts). When he cannot, as under a home closed to others, it is root, with a warning.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o750)
    if os.geteuid() != 0:
        return Owner()
    user = candidate(project.stat().st_uid)
    if user is None:
        return Owner(warning="Asterisk runs as root: there is no user 'hotline' or 'nobody' to run it as")
    os.chown(home, user.pw_uid, user.pw_gid)
    closed = [path for path in (home, *needs) if not reaches(user, path)]
    if closed:
        os.chown(home, 0, 0)
        return Owner(warning=f"Asterisk runs as root: user '{user.pw_name}' cannot reach {closed[0]}")
    return Owner(user.pw_uid, user.pw_gid)


def candidate(project_uid: int) -> pwd.struct_passwd | None:
    """Whom a root controller would let Asterisk run as, if he can reach what he needs; None: nobody."""
    if project_uid != 0:
        try:
            return pwd.getpwuid(project_uid)
        except KeyError:
            pass
    for name in SYSTEM_USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if user.pw_uid != 0:
            return user
    return None


def reaches(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether he can open files in this folder, whose names he knows. Asked of the kernel: ACLs and mounts count."""
    asked = subprocess.run(
        ["/usr/bin/test", "-x", str(path)],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        check=False,
        cwd="/",
    )
    return asked.returncode == 0


def hand_over(home: Path, owner: Owner) -> None:
    """The instance's folders and files belong to whom it runs as. Links are not followed."""
    if owner.uid is None or owner.gid is None:
        return
    for folder, _, files in os.walk(home, followlinks=False):
        os.chown(folder, owner.uid, owner.gid, follow_symlinks=False)
        for file in files:
            os.chown(Path(folder) / file, owner.uid, owner.gid, follow_symlinks=False)


def raise_file_limit(files: int) -> None:
    """As far as this process may; Asterisk inherits it, and lowers it to what its own file says."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(hard, files) if os.geteuid() == 0 and hard != resource.RLIM_INFINITY else hard
    if soft < files or hard < files:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(files, wanted)), wanted))
        except (ValueError, OSError):
            return
