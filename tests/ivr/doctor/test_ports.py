from __future__ import annotations

import errno
import socket
from dataclasses import replace

import pytest

from ivr.doctor.judge.ports import Ephemeral, Listening, PortFacts, judge
from ivr.doctor.probe import sockets
from tests.ivr.doctor.reading import said, troubles

EVERY = "0.0.0.0"  # noqa: S104
EPHEMERAL = Ephemeral(32768, 60999)
STOPPED = PortFacts(
    name="city",
    site="site.yaml",
    address="192.168.1.5",
    port=5060,
    networks=("192.168.1.0/24",),
    ephemeral=EPHEMERAL,
    own_addresses=("127.0.0.1", "192.168.1.5"),
    refused=0,
)
RUNNING = replace(
    STOPPED, refused=None, ami_port=5038, listening=Listening(frozenset({5060}), {5038: "127.0.0.1"})
)


def test_a_free_port_and_a_running_hotline_are_well():
    assert troubles(judge(STOPPED)) == []
    assert troubles(judge(RUNNING)) == []


def test_a_taken_port_is_told_with_its_holder():
    taken = replace(STOPPED, refused=errno.EADDRINUSE, holder="asterisk (pid 812)")
    assert troubles(judge(taken)) == ["sip-port-taken"]
    assert "asterisk (pid 812)" in said(judge(taken), "sip-port-taken").sentence


def test_an_address_of_another_machine_is_told_with_our_own_ones():
    foreign = replace(STOPPED, address="192.168.9.9", refused=errno.EADDRNOTAVAIL)
    assert troubles(judge(foreign)) == ["sip-address-foreign"]
    assert "192.168.1.5" in said(judge(foreign), "sip-address-foreign").cure


def test_a_port_that_belongs_to_root_is_no_port_in_use():
    assert troubles(judge(replace(STOPPED, port=500, refused=errno.EACCES, why="Permission denied"))) == [
        "sip-port-forbidden"
    ]


def test_an_asterisk_that_does_not_hear_phones_is_found_however_well_it_runs():
    assert troubles(judge(replace(RUNNING, port=5070))) == ["sip-port-deaf"]


@pytest.mark.parametrize("address", [EVERY, "::", "8.8.8.8", "2a00:1450:4010::1"])
def test_an_address_that_the_world_reaches_is_a_warning(address: str):
    findings = list(judge(replace(STOPPED, address=address)))
    assert troubles(findings) == ["sip-open-to-all"]
    assert "192.168.1.0/24" in said(findings, "sip-open-to-all").cure


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3"])
def test_an_address_of_this_machine_or_its_network_is_none(address: str):
    assert troubles(judge(replace(STOPPED, address=address))) == []


def test_a_sip_port_that_the_kernel_may_give_away_is_told_unless_it_is_reserved():
    assert troubles(judge(replace(STOPPED, port=40000))) == ["sip-port-ephemeral"]
    kept = replace(EPHEMERAL, reserved=((39000, 41000),))
    assert troubles(judge(replace(STOPPED, port=40000, ephemeral=kept))) == []


def test_a_manager_that_listens_beyond_this_machine_is_an_error():
    opened = replace(RUNNING, listening=Listening(frozenset({5060}), {5038: EVERY}))
    assert troubles(judge(opened)) == ["ami-open"]


def test_a_manager_that_does_not_listen_is_an_error():
    assert troubles(judge(replace(RUNNING, listening=Listening(frozenset({5060}), {})))) == ["ami-deaf"]


def test_the_kernels_ranges_are_read():
    assert sockets.ranges("8080,9148-9150\n") == ((8080, 8080), (9148, 9150))
    assert sockets.ranges("\n") == ()
    found = sockets.ephemeral()
    assert 0 < found.low < found.high < 65536


def test_an_asterisk_of_ours_is_named_after_its_hotline():
    loader = [
        "/p/var/asterisk/usr/lib64/ld-linux-x86-64.so.2",
        "--library-path",
        "/p",
        "/p/usr/sbin/asterisk",
    ]
    config = "/p/var/instances/city/asterisk/etc/asterisk.conf"
    assert (
        sockets.named("ld-linux-x86-64.so.2", [*loader, "-C", config, "-f"])
        == "the Asterisk of the hotline city"
    )
    assert sockets.named("sipp", ["sipp", "-C"]) == "sipp"
    assert sockets.named("curl", ["curl", "-C", "-"]) == "curl"


def test_a_port_that_somebody_has_is_found_with_his_pid():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        assert sockets.refused("127.0.0.1", port)[0] == errno.EADDRINUSE
        assert "(pid " in sockets.holder(sockets.used_ports(), "udp", port)
    assert sockets.refused("127.0.0.1", port) == (0, "")
    assert sockets.refused("203.0.113.7", port)[0] == errno.EADDRNOTAVAIL
