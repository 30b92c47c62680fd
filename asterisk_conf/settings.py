"""What a plan may contain: every value that becomes part of a file is looked at before it is written."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from asterisk_conf.plan import SwitchPlan

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
NUMBER = re.compile(r"\+?[0-9]{1,20}")
CODE = re.compile(r"[*0-9][*0-9#]{1,15}")
MEANING = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}(:[A-Za-z0-9_.-]{1,40})?")
SECRET = re.compile(r"[A-Za-z0-9_.~-]{20,200}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
USER = re.compile(r"[A-Za-z0-9+][A-Za-z0-9+_.-]{0,79}")
CODEC = re.compile(r"[a-z0-9]{2,16}")
PATH = re.compile(r"/([\w/.+@~ -]*[\w/.+@~-])?")
FORBIDDEN_IN_DISPLAY = set('"<>;[]\\{}$|=,\x7f')
# Names that mean something in our own files.
RESERVED = frozenset(
    {"global", "system", "udp", "known-networks", "phone", "phone-auth", "operator", "operator-aor"}
    | {"caller", "caller-aor", "general", "default", "default_outbound_endpoint"}
)
CONTROL_SOCKET = "run/asterisk.ctl"
LONGEST_SOCKET_PATH = 107


class BadSetting(ValueError):
    """A setting that cannot be written into a file. `setting` names it, e.g. "operators[2].name"."""

    def __init__(self, setting: str, why: str) -> None:
        super().__init__(f"{setting}: {why}")
        self.setting = setting


def check_plan(plan: SwitchPlan) -> None:
    """Raises BadSetting for the first value that does not fit its place; secrets never appear in the text."""
    _check_places(plan)
    _check_network(plan)
    _check_accounts(plan)
    for index in range(len(plan.trunks)):
        _check_trunk(plan, index)
    _check_dialplan(plan)


def _fits(setting: str, value: str, shape: re.Pattern[str], meaning: str) -> None:
    if not shape.fullmatch(value):
        raise BadSetting(setting, f"{value!r} is not {meaning}")


def _secret_fits(setting: str, value: str) -> None:
    if not SECRET.fullmatch(value):
        raise BadSetting(setting, "a secret is 20 to 200 of the characters A-Z a-z 0-9 _ . ~ -")


def _check_places(plan: SwitchPlan) -> None:
    for setting in ("home", "modules", "data", "sounds", "music"):
        path = str(getattr(plan, setting))
        _fits(setting, path, PATH, "an absolute path of letters, digits, spaces and / _ . + @ ~ -")
    socket = str(plan.home / CONTROL_SOCKET)
    if len(socket) > LONGEST_SOCKET_PATH:
        raise BadSetting("home", f"{socket} is longer than the {LONGEST_SOCKET_PATH} a Unix socket may have")
    _fits("system_name", plan.system_name, NAME, "a name (a letter, then letters, digits, _ and -)")


def _check_network(plan: SwitchPlan) -> None:
    _address("sip_bind", plan.sip_bind)
    _address("manager.bind", plan.manager.bind)
    for setting, port in (("sip_port", plan.sip_port), ("manager.port", plan.manager.port)):
        _within(setting, port, 1, 65535)
    _within("rtp_from", plan.rtp_from, 1024, 65534)
    _within("rtp_to", plan.rtp_to, plan.rtp_from + 1, 65535)
    _within("heartbeat", plan.heartbeat, 1, 3600)
    _within("ring_limit", plan.ring_limit, 1, 3600)
    _within("max_calls", plan.max_calls, 1, 100_000)
    _within("max_files", plan.max_files, 64, 10_000_000)
    _fits("manager.user", plan.manager.user, NAME, "a name (a letter, then letters, digits, _ and -)")
    if plan.manager.user == "general":
        raise BadSetting("manager.user", "'general' is the file's own section")
    _secret_fits("manager.secret", plan.manager.secret)


def _check_accounts(plan: SwitchPlan) -> None:
    taken: dict[str, str] = {}
    for kind, accounts in (("operators", plan.operators), ("callers", plan.callers), ("trunks", plan.trunks)):
        for index, account in enumerate(accounts):
            setting = f"{kind}[{index}].name"
            _fits(setting, account.name, NAME, "a name (a letter, then letters, digits, _ and -)")
            if account.name.lower() in RESERVED:
                raise BadSetting(setting, f"{account.name!r} is a section of our own in pjsip.conf")
            if account.name.lower() in taken:
                raise BadSetting(setting, f"{account.name!r} is taken by {taken[account.name.lower()]}")
            taken[account.name.lower()] = setting
            _networks(f"{kind}[{index}].acl", account.acl)
    for kind, accounts in (("operators", plan.operators), ("callers", plan.callers)):
        for index, account in enumerate(accounts):
            _secret_fits(f"{kind}[{index}].secret", account.secret)
            _fits(f"{kind}[{index}].language", account.language, LANGUAGE, "a language such as ru or en")
            _display(f"{kind}[{index}].display", account.display)


def _display(setting: str, text: str) -> None:
    bad = [char for char in text if char in FORBIDDEN_IN_DISPLAY or not char.isprintable()]
    if bad or len(text) > 80:
        raise BadSetting(setting, f"{text!r} has {bad[0]!r} in it" if bad else "longer than 80 characters")


def _check_trunk(plan: SwitchPlan, index: int) -> None:
    trunk, at = plan.trunks[index], f"trunks[{index}]"
    if not _is_address(trunk.host):
        _fits(f"{at}.host", trunk.host, HOST, "an address or a host's name")
    _within(f"{at}.port", trunk.port, 1, 65535)
    for codec in trunk.codecs or ("",):
        _fits(f"{at}.codecs", codec, CODEC, "a codec such as alaw")
    if trunk.user:
        _fits(f"{at}.user", trunk.user, USER, "a user name")
        if not re.fullmatch(r"[\x21-\x3a\x3c-\x5a\x5e-\x7e]{1,200}", trunk.secret):
            raise BadSetting(f"{at}.secret", "empty, or it has a space, ; [ ] or \\ in it")
    if trunk.register and not trunk.user:
        raise BadSetting(f"{at}.user", "a trunk that registers needs a user and a secret")
    if trunk.register and not plan.numbers:
        raise BadSetting("numbers", "a trunk that registers needs a number to be called by")


def _check_dialplan(plan: SwitchPlan) -> None:
    for index, number in enumerate(plan.numbers):
        _fits(f"numbers[{index}]", number, NUMBER, "digits with an optional leading +")
    bare = [number.lstrip("+") for number in plan.numbers]
    if len(set(bare)) != len(bare):
        raise BadSetting("numbers", "a number stands there twice")
    for setting, codes in (("codes", plan.codes), ("transfers", plan.transfers)):
        for code, meaning in codes.items():
            _fits(f"{setting}[{code!r}]", code, CODE, "a code of digits, * and #, e.g. *10")
            _fits(f"{setting}[{code!r}]", meaning, MEANING, "a word, or word:word")


def _within(setting: str, value: int, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadSetting(setting, f"{value!r} is not a whole number from {least} to {most}")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _address(setting: str, text: str) -> None:
    if not _is_address(text):
        raise BadSetting(setting, f"{text!r} is not an IP address")


def _networks(setting: str, networks: tuple[str, ...]) -> None:
    if not networks:
        raise BadSetting(setting, "no network given: nobody could call")
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise BadSetting(setting, f"{network!r} is not a network such as 192.168.1.0/24") from None
        if "%" in network:
            raise BadSetting(setting, f"{network!r} names an interface")
