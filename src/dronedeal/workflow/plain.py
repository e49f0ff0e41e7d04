"""Records and arrays as plain data and back, to the last bit, for a checkpoint; and a digest of them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from dronedeal.workflow.checkpoint import bytes_from, bytes_text

ArrayText = Callable[[npt.NDArray[Any]], str]


def _packed(values: npt.NDArray[Any]) -> str:
    return bytes_text(np.ascontiguousarray(values).tobytes())


def plain(value: Any, *, array_text: ArrayText = _packed) -> Any:
    """A value as data of JSON.

    Parameters
    ----------
    value : numbers, text, arrays, and tuples, mappings, members of an Enum and dataclasses of them
    array_text : how the entries of an array are written

    Raises
    ------
    TypeError : where anything else is in it

    Examples
    --------
    >>> plain({3: (1.5, None)})
    {'mapping': [[3, {'tuple': [1.5, None]}]]}
    """
    if isinstance(value, Enum):
        return {"member": [type(value).__name__, value.name]}
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray):
        return {"array": array_text(value), "type": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, Mapping):
        pairs = ([key, each] for key, each in value.items())
        return {"mapping": [[plain(each, array_text=array_text) for each in pair] for pair in pairs]}
    if isinstance(value, tuple | list):
        return {"tuple": [plain(each, array_text=array_text) for each in value]}
    if is_dataclass(value):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        held = {name: plain(each, array_text=array_text) for name, each in found.items()}
        return {"record": type(value).__name__, "fields": held}
    raise TypeError(f"{type(value).__name__}: has no form as plain data")


def from_plain(data: Any, kinds: Sequence[type]) -> Any:
    """The value behind `plain`; a list comes back as a tuple.

    Parameters
    ----------
    kinds : dataclasses and Enums that may be in it

    Raises
    ------
    KeyError : where a record of another kind is in it

    Examples
    --------
    >>> from_plain(plain({3: (float("inf"), None)}), [])
    {3: (inf, None)}
    """
    if not isinstance(data, Mapping):
        return data
    by_name = {each.__name__: each for each in kinds}
    if "member" in data:
        kind, name = data["member"]
        return by_name[kind][name]  # type: ignore[index] # a class of Enum has its members by name
    if "float" in data:
        return float(data["float"])
    if "array" in data:
        values = np.frombuffer(bytes_from(data["array"]), dtype=data["type"])
        return values.reshape(data["shape"]).copy()
    if "mapping" in data:
        return {from_plain(key, kinds): from_plain(each, kinds) for key, each in data["mapping"]}
    if "tuple" in data:
        return tuple(from_plain(each, kinds) for each in data["tuple"])
    return by_name[data["record"]](**{name: from_plain(each, kinds) for name, each in data["fields"].items()})


def digest_of(value: Any) -> str:
    """SHA-256 of a value that `plain` takes: the same for the same numbers, wherever they come from.

    Examples
    --------
    >>> digest_of((1, 2.0)) == digest_of((1, 2.5))
    False
    """
    data = plain(value, array_text=lambda values: hashlib.sha256(values.tobytes()).hexdigest())
    return hashlib.sha256(json.dumps(data, separators=(",", ":")).encode()).hexdigest()
