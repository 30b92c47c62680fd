"""The linter's rules for everything but the dialplan. Each is a generator of problems."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from asterisk_conf.conf_file import ConfFile, Section, Setting
from asterisk_conf.modules import KNOWN
from asterisk_conf.problem import Files, Problem, Rule

NEEDED = (
    "asterisk.conf",
    "modules.conf",
    "pjsip.conf",
    "extensions.conf",
    "manager.conf",
    "logger.conf",
    "rtp.conf",
)
SHORTEST_SECRET = 20
FEWEST_CHARACTERS = 6
MANAGER_READ = frozenset({"call", "agi", "dtmf", "user", "system", "originate", "reporting"})
MANAGER_WRITE = frozenset({"call", "agi", "originate", "reporting"})
LOG_LEVELS = frozenset({"notice", "warning", "error"})


def complete(files: Files) -> Iterator[Problem]:
    """Asterisk's own default for a missing file is seldom the careful one; an include is not looked at."""
    for name in NEEDED:
        if name not in files.by_name:
            yield Problem(name, 0, "missing-file", f"{name} is missing: Asterisk's own defaults would rule")
    for file in files.by_name.values():
        for setting in file.directives:
            yield Problem(
                file.name, setting.line, "directive", f"{setting.value!r} brings in what was not looked at"
            )
        for setting in file.unreadable:
            yield Problem(
                file.name, setting.line, "unreadable", f"not a section or a setting: {setting.value[:60]!r}"
            )


def modules(files: Files) -> Iterator[Problem]:
    file = files["modules.conf"]
    section = file.section("modules")
    if section is None or section.is_on("autoload", default=True):
        line = section.line if section else 0
        yield Problem(
            file.name, line, "autoload", "autoload must be off: every module there is would be loaded"
        )
    for setting in section.settings if section else []:
        if setting.key == "autoload":
            continue
        name = setting.value.removesuffix(".so")
        if name not in KNOWN:
            yield Problem(
                file.name, setting.line, "unknown-module", f"{name} is not among the modules we use"
            )


def asterisk(files: Files) -> Iterator[Problem]:
    file = files["asterisk.conf"]
    options = file.section("options") or Section("options", 0)
    if options.is_on("live_dangerously"):
        line = _line(options, "live_dangerously")
        yield Problem(
            file.name, line, "live-dangerously", "live_dangerously lets a manager run the machine's commands"
        )
    if not options.is_on("disable_remote_console_shell"):
        yield Problem(file.name, options.line, "console-shell", "disable_remote_console_shell must be on")
    if options.is_on("execincludes"):
        yield Problem(
            file.name, _line(options, "execincludes"), "directive", "execincludes runs programs from files"
        )
    for key in ("maxcalls", "maxload", "minmemfree"):
        if not options.value(key):
            yield Problem(
                file.name, options.line, "no-limit", f"{key} is not set: overload would spoil every call"
            )


def http(files: Files) -> Iterator[Problem]:
    general = files["http.conf"].section("general")
    if general and general.is_on("enabled"):
        yield Problem(
            "http.conf", _line(general, "enabled"), "http", "the web server must be off: nothing here uses it"
        )


def logger(files: Files) -> Iterator[Problem]:
    section = files["logger.conf"].section("logfiles")
    for setting in section.settings if section else []:
        levels = {level.strip() for level in setting.value.split(",")}
        if loud := sorted(levels - LOG_LEVELS):
            sentence = f"the levels {', '.join(loud)} would put callers' numbers into {setting.key}"
            yield Problem("logger.conf", setting.line, "personal-data-in-log", sentence)


def transports(files: Files) -> Iterator[Problem]:
    file = files["pjsip.conf"]
    guarded = any(_closed(section) for section in file.of_type("acl"))
    for section in file.of_type("transport"):
        bind = section.last("bind")
        if (bind is None or _is_any(_host(bind.value))) and not guarded:
            line = bind.line if bind else section.line
            sentence = f"[{section.name}] listens to the whole world and no type=acl section stands before it"
            yield Problem(file.name, line, "world-open-bind", sentence)


def identification(files: Files) -> Iterator[Problem]:
    file = files["pjsip.conf"]
    order = next((s.last("endpoint_identifier_order") for s in file.of_type("global")), None)
    if order is None or "anonymous" in order.value.lower():
        sentence = "endpoint_identifier_order must be given, without anonymous (it is in Asterisk's default)"
        yield Problem(file.name, order.line if order else 0, "anonymous", sentence)
    for section in file.of_type("endpoint"):
        if section.name.lower().startswith("anonymous"):
            yield Problem(file.name, section.line, "anonymous", "an endpoint for callers nobody knows")
        if section.is_on("allow_unauthenticated_options"):
            line = _line(section, "allow_unauthenticated_options")
            yield Problem(
                file.name, line, "unauthenticated-options", f"[{section.name}] answers to strangers"
            )


def endpoints(files: Files) -> Iterator[Problem]:
    file = files["pjsip.conf"]
    identified = {section.value("endpoint") for section in file.of_type("identify")}
    fixed = {section.name for section in file.of_type("aor") if section.value("contact")}
    for section in file.of_type("endpoint"):
        if not section.value("auth") and section.name not in identified:
            yield Problem(
                file.name, section.line, "no-auth", f"[{section.name}] needs neither a secret nor an address"
            )
        yield from _acl(file, section, "", "calls")
        if section.value("aors") not in fixed:
            yield from _acl(file, section, "contact_", "registrations")
    for section in file.of_type("identify"):
        for match in section.all("match"):
            if _covers_all(match.value):
                yield Problem(file.name, match.line, "no-acl", f"[{section.name}] is anybody, from anywhere")


def _acl(file: ConfFile, section: Section, prefix: str, what: str) -> Iterator[Problem]:
    if not _closed(section, prefix):
        sentence = f"[{section.name}] takes {what} from anywhere: deny 0.0.0.0/0 and ::/0, then permit some"
        yield Problem(file.name, section.line, "no-acl", sentence)


def secrets(files: Files) -> Iterator[Problem]:
    """A provider chooses a trunk's secret, so that one only has to be there."""
    file = files["pjsip.conf"]
    inbound = {s.value("auth") for s in file.of_type("endpoint")}
    for section in file.of_type("auth"):
        secret = section.last("password")
        if section.name in inbound:
            yield from _secret(file, section, secret)
        elif secret is None or not secret.value:
            yield Problem(file.name, section.line, "weak-secret", f"[{section.name}] has no secret")
    for section in _managers(files):
        yield from _secret(files["manager.conf"], section, section.last("secret"))


def _secret(file: ConfFile, section: Section, secret: Setting | None) -> Iterator[Problem]:
    text = secret.value if secret else ""
    if len(text) < SHORTEST_SECRET or len(set(text)) < FEWEST_CHARACTERS:
        sentence = (
            f"[{section.name}]: a secret has at least {SHORTEST_SECRET} characters, and not the same few"
        )
        yield Problem(file.name, secret.line if secret else section.line, "weak-secret", sentence)


def manager(files: Files) -> Iterator[Problem]:
    file = files["manager.conf"]
    general = file.section("general") or Section("general", 0)
    bind = general.value("bindaddr")
    if general.is_on("enabled") and not _is_loopback(bind):
        sentence = f"AMI listens on {bind or 'every address'}; it must be a loopback address"
        yield Problem(file.name, _line(general, "bindaddr"), "world-open-bind", sentence)
    if general.is_on("webenabled"):
        yield Problem(file.name, _line(general, "webenabled"), "http", "AMI by HTTP must be off")
    for section in _managers(files):
        yield from _acl(file, section, "", "logins")
        yield from _classes(file, section, "read", MANAGER_READ)
        yield from _classes(file, section, "write", MANAGER_WRITE)
        if not any(setting.key.startswith("eventfilter(action(include)") for setting in section.settings):
            sentence = f"[{section.name}] has no include filter: every call would make 97 events"
            yield Problem(file.name, section.line, "no-event-filter", sentence)


def _classes(file: ConfFile, section: Section, key: str, allowed: frozenset[str]) -> Iterator[Problem]:
    setting = section.last(key)
    given = {word.strip().lower() for word in setting.value.split(",")} if setting else {"(not given)"}
    if extra := sorted(given - allowed - {""}):
        sentence = f"[{section.name}] may {key} {', '.join(extra)}; more than the controller needs"
        yield Problem(file.name, setting.line if setting else section.line, "manager-class", sentence)


def _managers(files: Files) -> list[Section]:
    return [s for s in files["manager.conf"].sections if s.name != "general" and not s.template]


def _line(section: Section, key: str) -> int:
    setting = section.last(key)
    return setting.line if setting else section.line


def _closed(section: Section, prefix: str = "") -> bool:
    """Everything denied, IPv4 and IPv6, and something permitted, but not everything."""
    denied = [network for setting in section.all(f"{prefix}deny") if (network := _network(setting.value))]
    all_denied = {network.version for network in denied if network.prefixlen == 0}
    permitted = section.all(f"{prefix}permit")
    return all_denied == {4, 6} and bool(permitted) and not any(_covers_all(s.value) for s in permitted)


def _covers_all(text: str) -> bool:
    network = _network(text)
    return network is None or network.prefixlen == 0


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _host(bind: str) -> str:
    if bind.startswith("["):
        return bind[1:].partition("]")[0]
    return bind.rpartition(":")[0] if bind.count(":") == 1 else bind


def _is_any(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return True


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


RULES: tuple[Rule, ...] = (
    *(complete, modules, asterisk, http, logger),
    *(transports, identification, endpoints, secrets, manager),
)
