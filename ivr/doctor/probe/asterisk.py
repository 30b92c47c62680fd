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
from ivr.doctor.judge.asterisk import AsteriskFacts, Owner
from ivr.doctor.probe.users import existing, me
from ivr.doctor.subject import Subject, short
from ivr.instance import PROJECT, PROMPTS
from ivr.switch_plan import SecretMissing, plan_for


def examine(subject: Subject) -> Iterator[Finding]:
    root = PROJECT / PRIVATE
    try:
        found = find(PROJECT)
    except NoAsterisk as error:
        yield from asterisk.judge(AsteriskFacts(subject.name, short(subject.site_file), "", why=str(error)))
        return
    plan, problem = _plan(subject, found)
    files, problem = (None, problem) if plan is None else _files(plan)
    facts = AsteriskFacts(
        name=subject.name,
        site=short(subject.site_file),
        files_made=files is not None,
        version=found.version,
        private=found.modules.is_relative_to(root),
        root=short(root),
        modules_folder=str(found.modules),
        music_folder=str(found.music),
        music=sum(1 for _ in found.music.glob("*.wav")) if found.music.is_dir() else 0,
        files_problem=problem,
        owner=runs_as(subject, found),
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


def _user_of(pid: int | None) -> str:
    """ "root" when nothing runs yet: root is who would choose then."""
    if pid is None:
        return "root"
    try:
        return psutil.Process(pid).username()
    except psutil.Error:
        return ""


def who_plays(subject: Subject) -> str:
    """The user Asterisk runs as, or would; "" when there is none to run."""
    try:
        return runs_as(subject, find(PROJECT)).user
    except NoAsterisk:
        return ""


def runs_as(subject: Subject, found: Installation) -> Owner:
    """Of the running Asterisk, or as a start would choose."""
    pid = subject.processes.asterisk
    now = me() if pid is None and os.geteuid() != 0 else _user_of(pid)
    user = candidate(PROJECT.stat().st_uid) if now == "root" and os.geteuid() == 0 else None
    if user is None:
        return Owner(now)
    needs = (subject.instance.home.parent, found.modules, found.data, PROMPTS, found.music)
    closed = next((path for path in map(existing, needs) if not reaches(user, path)), None)
    if closed is None and pid is None:
        return Owner(user.pw_name)
    return Owner(now, user.pw_name, short(closed) if closed else "")
