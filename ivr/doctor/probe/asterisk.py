"""Which Asterisk would be started or runs, with which parts, and the files it would be given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil

from asterisk_conf.installation import PRIVATE, Installation, NoAsterisk, find
from asterisk_conf.lint import lint
from asterisk_conf.modules import modules
from asterisk_conf.owner import candidate, reaches
from asterisk_conf.plan import SwitchPlan
from asterisk_conf.render import render
from asterisk_conf.settings import BadSetting
from ivr.doctor.finding import Finding
from ivr.doctor.judge import asterisk
from ivr.doctor.judge.asterisk import AsteriskFacts
from ivr.doctor.probe.users import existing, me
from ivr.doctor.subject import Subject
from ivr.instance import PROJECT, PROMPTS
from ivr.switch_plan import SecretMissing, plan_for

ADD_USER = "adduser --system --group hotline"


def examine(subject: Subject) -> Iterator[Finding]:
    root = PROJECT / PRIVATE
    try:
        found = find(PROJECT)
    except NoAsterisk as error:
        yield from asterisk.judge(AsteriskFacts(subject.name, str(subject.site_file), "", why=str(error)))
        return
    plan, problem = _plan(subject, found)
    files, problem = (None, problem) if plan is None else _files(plan)
    user, because, cure = runs_as(subject, found)
    facts = AsteriskFacts(
        name=subject.name,
        site_file=str(subject.site_file) if plan or problem else "",
        version=found.version,
        private=found.modules.is_relative_to(root),
        root=str(root),
        modules_folder=str(found.modules),
        music_folder=str(found.music),
        music=sum(1 for _ in found.music.glob("*.wav")) if found.music.is_dir() else 0,
        files_problem=problem,
        user=user,
        root_because=because,
        root_cure=cure,
    )
    if plan is not None:
        lost = [name for name in modules(plan) if not (found.modules / f"{name}.so").is_file()]
        facts = replace(facts, missing_modules=tuple(lost))
    if files is not None and subject.processes.asterisk is not None:
        facts = replace(facts, old_files=tuple(_differing(subject.instance.switch / "etc", files)))
    yield from asterisk.judge(facts)


def _plan(subject: Subject, found: Installation) -> tuple[SwitchPlan | None, str]:
    if subject.loaded is None or subject.settings is None or subject.stranger:
        return None, ""
    site = subject.loaded.site
    try:
        return plan_for(site, subject.settings, subject.instance, found, PROMPTS), ""
    except SecretMissing as error:
        return None, str(error)


def _files(plan: SwitchPlan) -> tuple[dict[str, str] | None, str]:
    try:
        files = render(plan)
    except BadSetting as error:
        return None, str(error)
    problems = lint(files)
    return (None, "; ".join(map(str, problems))) if problems else (files, "")


def _differing(folder: Path, files: dict[str, str]) -> Iterator[str]:
    for name, text in files.items():
        try:
            if (folder / name).read_text(encoding="utf-8") != text:
                yield name
        except FileNotFoundError:
            yield name
        except OSError:
            return  # not ours to read: nothing is known


def who_plays(subject: Subject) -> str:
    """The user Asterisk runs as, or would; "" when there is none to run."""
    try:
        return runs_as(subject, find(PROJECT))[0]
    except NoAsterisk:
        return ""


def runs_as(subject: Subject, found: Installation) -> tuple[str, str, str]:
    """(user, why that is root, what to do about it): of the running Asterisk, or as a start would choose."""
    pid = subject.processes.asterisk
    if pid is not None:
        try:
            name = psutil.Process(pid).username()
        except psutil.Error:
            return "", "", ""
        if name != "root":
            return name, "", ""
    if os.geteuid() != 0:
        return me(), "", ""
    user = candidate(PROJECT.stat().st_uid)
    if user is None:
        why = "Asterisk runs as root: there is no user 'hotline' or 'nobody' to run it as"
        return "root", why, ADD_USER
    home = existing(subject.instance.switch.parent)
    needs = (home, found.modules, found.data, existing(PROMPTS), found.music)
    closed = next((path for path in needs if not reaches(user, path)), None)
    if closed is not None:
        why = f"Asterisk runs as root: user '{user.pw_name}' cannot reach {closed}"
        return "root", why, f"chmod o+rx {closed} and chmod o+x on the folders above it, then start again"
    if pid is not None:
        return (
            "root",
            "Asterisk runs as root, as it was started",
            f"./hotline down --name {subject.name}, then up",
        )
    return user.pw_name, "", ""
