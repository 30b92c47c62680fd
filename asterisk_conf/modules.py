"""The modules an instance loads, in the order of reading, not of need: Asterisk sorts out what needs what."""

from __future__ import annotations

from asterisk_conf.plan import SwitchPlan

CORE = (
    "res_timing_timerfd",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "pbx_config",
)
SIP = (
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_acl",
    "res_pjsip_authenticator_digest",
    "res_pjsip_caller_id",
    "res_pjsip_dlg_options",
    "res_pjsip_dtmf_info",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_nat",
    "res_pjsip_pubsub",  # res_pjsip_refer needs it
    "res_pjsip_refer",
    "res_pjsip_registrar",
    "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp",
    "res_pjsip_session",
    "chan_pjsip",
    "res_rtp_asterisk",
)
TRUNKS_WITH_A_PASSWORD = (
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
)
BRIDGES = ("bridge_simple", "bridge_native_rtp", "bridge_builtin_features", "bridge_softmix")
SOUND = (
    "res_musiconhold",
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_resample",
    "format_wav",
    "format_pcm",
    "format_sln",
)
DIALPLAN = (
    "res_speech",  # res_agi is linked against it
    "res_agi",
    "app_dial",
    "app_playback",
    "app_stack",  # Dial's U() option
    "app_senddtmf",  # the action PlayDTMF
    "app_controlplayback",  # the action ControlPlayback, which ends a prompt at a key
    "app_userevent",
    "func_callerid",
    "func_channel",
    "func_logic",
    "func_strings",
    "func_timeout",
)
# The caller's voice on its way to a speech worker: ChanSpy hears him alone and AudioSocket carries it.
HEARING = ("app_chanspy", "chan_audiosocket", "res_audiosocket")
REPORTS = ("res_manager_devicestate", "func_devstate")
KNOWN = frozenset(CORE + SIP + TRUNKS_WITH_A_PASSWORD + BRIDGES + SOUND + DIALPLAN + HEARING + REPORTS)


def modules(plan: SwitchPlan) -> tuple[str, ...]:
    """Names without ".so"."""
    with_password = any(trunk.user for trunk in plan.trunks)
    return (
        CORE
        + SIP
        + (TRUNKS_WITH_A_PASSWORD if with_password else ())
        + BRIDGES
        + SOUND
        + DIALPLAN
        + HEARING
        + REPORTS
    )
