"""What a hotline listens with: models that can be used, and workers, from the site file."""

from __future__ import annotations

from pathlib import Path

from ivr.hearing.worker_settings import SECRET, speech_socket
from ivr.instance import Instance
from ivr.settings import SpeechSettings
from ivr.site import Site
from speech.recognition.model_proof import prove
from speech.recognition.models import INSTALLED, PROOFS, find_model, models_in_use
from speech.recognizer import ModelUnusable


class NoSpeechSecret(Exception):
    """The secret shared with workers on other hosts is not where the site file says."""


def speech_settings(site: Site, instance: Instance, *, proofs: Path | None = PROOFS) -> SpeechSettings:
    """Never raises for a model: one that cannot be used is a sentence in `missing`, and its language has keys only.

    proofs: where it is kept that a model can be loaded; None looks at its files only.
    """
    speech = site.speech
    if not speech.on:
        return SpeechSettings()
    usable, missing = ({}, ()) if speech.workers else _models(site, proofs)
    own = bool(usable)
    return SpeechSettings(
        on=True,
        models=usable,
        workers=tuple(speech.workers) or ((str(speech_socket(instance)),) if own else ()),
        own=own,
        threads=speech.threads or 0,
        installed=str(INSTALLED),
        keep_in=str(site.kept_utterances() or ""),
        secret_file="" if speech.secret_file is None else str((site.folder / speech.secret_file).resolve()),
        missing=tuple(missing),
    )


def _models(site: Site, proofs: Path | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """(language -> a model that can be used, what is wrong with the others)"""
    usable: dict[str, str] = {}
    missing: list[str] = []
    for language, place in wanted_models(site).items():
        try:
            found = find_model(place)
            if proofs is not None:
                prove(found.path, proofs)
        except ModelUnusable as fault:
            missing.append(f"callers who speak {language} are served by key only: {fault}")
        else:
            usable[language] = place
    return usable, tuple(missing)


def wanted_models(site: Site) -> dict[str, str]:
    """Language of the site -> the name or the folder of its model; languages for which there is none are left out."""
    named = {
        language: str((site.folder / place).resolve()) if "/" in place else place
        for language, place in site.speech.models.items()
    }
    return {language: place for language, place in models_in_use(named).items() if language in site.languages}


def speech_secret(settings: SpeechSettings, instance: Instance) -> str:
    """What controller and workers know each other by. Raises NoSpeechSecret."""
    if not settings.secret_file:
        return instance.secrets_for([SECRET])[SECRET]
    try:
        secret = Path(settings.secret_file).read_text().strip()
    except OSError as error:
        raise NoSpeechSecret(f"speech.secret_file cannot be read: {error.strerror}") from None
    if len(secret) < 16:
        raise NoSpeechSecret("speech.secret_file is shorter than 16 characters")
    return secret
