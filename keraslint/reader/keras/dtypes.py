"""Dtypes: the policy that a program sets, the dtypes of layers, and what a dtype tells of itself."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import MEMBER_OF_DTYPE
from keraslint.reader.machine.values import Fields, Value

POLICY, FLOATX, EPSILON = "dtype_policy", "floatx", "epsilon"
"""Where the state keeps what the program has set of Keras's configuration."""
DTYPES = ("dtype", "compute_dtype", "variable_dtype")
POLICIES = ("dtype_policy", "_dtype_policy")
OF_LAYERS = DTYPES + POLICIES
"""The attributes of a layer that `dtype_member` knows."""
_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
_KINDS = {
    **dict.fromkeys(("float16", "float32", "float64", "bfloat16"), "is_floating"),
    **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"), "is_integer"),
    **dict.fromkeys(("complex64", "complex128"), "is_complex"),
    "bool": "is_bool",
    "string": "is_string",
}


@MEMBER_OF_DTYPE.answers
def member_of_dtype(dtype: str, name: str) -> Value:
    """An attribute of a ``tf.DType``, which is its name to us; None where a text has no such attribute."""
    kind = _KINDS.get(dtype)
    if kind is None:
        return None
    if name in ("is_floating", "is_integer", "is_complex", "is_bool"):
        return name == kind
    return dtype if name in ("name", "base_dtype", "as_numpy_dtype") else None


def _dtypes_of(name: Value) -> dict[str, Value]:
    """The dtypes of a policy: what is computed in, and what weights are kept in."""
    mixed = isinstance(name, str) and name in _MIXED
    kept = "float32" if mixed else name
    return {"dtype": kept, "compute_dtype": _MIXED[name] if mixed else name, "variable_dtype": kept}


def _as_policy(name: Value) -> Fields:
    dtypes = _dtypes_of(name)
    return Fields({"name": name, **{key: dtypes[key] for key in DTYPES[1:]}}, "a policy's")


def _name_of_policy(machine: Machine, given: Value, node: nodes.NodeNG) -> Value:
    """The name of a policy that is given by its name, as an object, or as a dtype."""
    given = machine.need(given)
    match given:
        case Fields(values={"name": name}):
            return machine.need(name)
        case str() | Unknown():
            return given
        case _:
            return machine.unknown("the dtypes of a policy that the program sets", node)


def _current(machine: Machine) -> Value:
    return machine.need(machine.config.get(POLICY, machine.config.get(FLOATX, "float32")))


def policy_of(machine: Machine, given: Value, node: nodes.NodeNG) -> Value:
    """The name of the policy of a layer that was ``given`` one or a dtype, or None."""
    return _current(machine) if given is None else _name_of_policy(machine, given, node)


def policy(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``keras.config.dtype_policy()``: the policy that the program has set, or Keras's usual one."""
    return _as_policy(_current(machine))


def make_policy(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``keras.DTypePolicy("mixed_float16")``."""
    return _as_policy(_name_of_policy(machine, arguments.get(0, "name"), node))


def make_quantized(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``QuantizedDTypePolicy("int8", "float32")``: as if named ``int8_from_float32``."""
    mode, source = machine.need(arguments.get(0, "mode")), machine.need(arguments.get(1, "source_name"))
    if isinstance(mode, str) and (source is None or isinstance(source, str)):
        return _as_policy(f"{mode}_from_{source or _current(machine)}")
    return _as_policy("quantized_from_unknown")


def set_policy(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.set(machine.config, POLICY, _name_of_policy(machine, arguments.get(0, "policy"), node))
    return None


def floatx(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.config.get(FLOATX, "float32")


def set_floatx(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.set(machine.config, FLOATX, _name_of_policy(machine, arguments.get(0, "value"), node))
    return None


def epsilon(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.config.get(EPSILON, 1e-7)


def set_epsilon(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    machine.journal.set(machine.config, EPSILON, machine.need(arguments.get(0, "value")))
    return None


def dtype_member(machine: Machine, given: Value, name: str, node: nodes.NodeNG) -> Value:
    """A dtype of a layer, or its policy: as it was ``given`` with ``dtype=``, else as the program's policy says."""
    given = machine.need(given)
    policy = policy_of(machine, given, node)
    return _as_policy(policy) if name in POLICIES else _dtypes_of(policy)[name]
