"""How long things take: a distribution by its mean and its coefficient of variation, as a scenario names it."""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from loadtest.measured import Measured, Unreadable

Numbers = NDArray[np.float64]

_ERLANG = re.compile(r"erlang\(([1-9][0-9]{0,3})\)")
_WITH_CV = ("lognormal", "gamma")
_WITHOUT_CV = ("exponential", "deterministic")
NAMES = "exponential, deterministic, lognormal, gamma, erlang(k) or empirical"


def wrong(code: str, sentence: str) -> PydanticCustomError:
    """A value that is not good, in a sentence for the author."""
    return PydanticCustomError(code, "{sentence}", {"sentence": sentence})  # type: ignore[arg-type]


class Part(BaseModel):
    """A mapping of the scenario file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def files_of(info: ValidationInfo) -> Measured | None:
    """The files beside the scenario, when somebody reads it from a folder."""
    return (info.context or {}).get("measured")


def erlang_phases(name: str) -> int | None:
    """The k of "erlang(k)", None if it is another name."""
    found = _ERLANG.fullmatch(name)
    return int(found[1]) if found else None


class Distribution(Part):
    """dist: one of NAMES. mean: > 0, seconds unless its user says otherwise. cv: standard deviation / mean.

    empirical: `values` that were measured, read from `file` if they do not stand here; a mean, if given,
    scales them.
    """

    dist: str
    mean: Annotated[float, Field(gt=0)]
    cv: Annotated[float | None, Field(gt=0, le=20)] = None
    file: str | None = None
    values: tuple[Annotated[float, Field(ge=0)], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _fits(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, dict) or "dist" not in value:
            return value
        value = {key: one for key, one in value.items() if one is not None and one != ()}
        if value["dist"] == "empirical":
            return _measured(value, files_of(info))
        if "file" in value or "values" in value:
            raise wrong("file-not-used", "only dist: empirical has a file or values; delete them")
        name, cv = value["dist"], value.get("cv")
        if name in _WITH_CV:
            if cv is None:
                raise wrong("missing-cv", f"{name} needs a cv (standard deviation / mean); add it")
        elif name in _WITHOUT_CV or erlang_phases(str(name)):
            if cv is not None:
                raise wrong(
                    "cv-not-used", f"{name} has no cv of its own; delete cv, or take lognormal or gamma"
                )
        else:
            raise wrong("unknown-distribution", f"'{name}' is no distribution here; there are {NAMES}")
        return value

    @cached_property
    def steps(self) -> Numbers:
        """The measured values, rising, scaled to the mean: what the inverse of their distribution steps through.

        Not interpolated: each value is as likely as any other, so that mean and spread, and with them the load,
        are exactly those that were measured.
        """
        values = np.sort(np.array(self.values))
        found = float(values.mean())
        return values if self.mean == found else values * (self.mean / found)

    def draw(self, rng: np.random.Generator, number: int) -> Numbers:
        """`number` values, >= 0, scaled by the mean: the same stream with another mean gives the same shape.

        The gamma family by (shape, scale) = (1/cv^2, mean cv^2); lognormal by sigma^2 = ln(1 + cv^2) and
        mu = ln(mean) - sigma^2/2, so that mean and cv are those of the values and not of their logarithms.
        """
        match self.dist:
            case "deterministic":
                return np.full(number, self.mean)
            case "exponential":
                return rng.standard_exponential(number) * self.mean
            case "lognormal":
                spread = math.log1p((self.cv or 0.0) ** 2)
                return self.mean * np.exp(math.sqrt(spread) * rng.standard_normal(number) - spread / 2)
            case "gamma":
                shape = 1.0 / (self.cv or 1.0) ** 2
                return rng.standard_gamma(shape, number) * (self.mean / shape)
            case "empirical":
                return self.steps[(rng.random(number) * len(self.steps)).astype(np.int64)]
            case _:
                phases = erlang_phases(self.dist) or 1
                return rng.standard_gamma(phases, number) * (self.mean / phases)


def _measured(value: dict[str, Any], files: Measured | None) -> dict[str, Any]:
    """The keys of an empirical distribution with its values read and their mean."""
    if "cv" in value:
        raise wrong("cv-not-used", "empirical has the cv of its values; delete cv")
    if "file" not in value and "values" not in value:
        raise wrong("missing-values", "empirical needs a file of measured values; name it as file:")
    if "values" not in value:
        value = value | {"values": _read(files, str(value["file"]))}
    values = value["values"]
    if not isinstance(values, list | tuple) or not all(isinstance(one, int | float) for one in values):
        raise wrong("wrong-type", "values must be a list of numbers")
    if not sum(values) > 0:
        raise wrong(
            "no-values", "the measured values are all zero, or there are none; leave the whole key out"
        )
    return {"mean": float(np.array(values).mean())} | value


def _read(files: Measured | None, name: str) -> tuple[float, ...]:
    if files is None:
        raise wrong("no-folder", f"{name} is read only for a scenario that comes from a file")
    try:
        return files.durations(name)
    except Unreadable as why:
        raise wrong("measured-file", str(why)) from why
