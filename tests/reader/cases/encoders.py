"""What encoders of text and their tests use: weights of computed sizes, dtypes, initializers, registered classes."""

# %% a weight whose shape is a list of computed sizes
class Positions(keras.layers.Layer):
    def build(self, input_shape):
        sizes = list(input_shape)
        self.table = self.add_weight(name="table", shape=[64, sizes[2]])
    def call(self, inputs, ids):
        return tf.gather(self.table, ids)
tokens, ids = Input((None, 16)), Input((5,), dtype="int32")
model = Model([tokens, ids], Positions()(tokens, ids))

# %% a weight cut to the length that the data have
class Positions(keras.layers.Layer):
    def build(self, input_shape):
        self.table = self.add_weight(name="table", shape=[64, input_shape[-1]])
    def call(self, inputs):
        table = self.table[: tf.shape(inputs)[1], :]
        return tf.expand_dims(table, 0)
tokens = Input((None, 16))
model = Model(tokens, Positions()(tokens))

# %% dtypes of a policy that the program sets
keras.mixed_precision.set_global_policy("mixed_float16")
class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = Dense(3 if self.compute_dtype == "float16" else 4)
        self.second = Dense(5 if self.dtype_policy.variable_dtype == "float32" else 6)
    def call(self, x):
        return self.second(self.first(x))
x = Input((2,))
y = Block(dtype="float32")(Block()(x))
keras.mixed_precision.set_global_policy("float32")
units = 7 if tf.as_dtype(keras.config.dtype_policy().compute_dtype).is_floating else 8
model = Model(x, Dense(units)(y))

# %% initializers and regularizers by name, as objects, copied
given = keras.initializers.get("glorot_uniform")
again = given.__class__.from_config(given.get_config())
made = keras.initializers.get({"class_name": "RandomNormal", "config": {"stddev": 0.5}})
units = 1
for value in (given, again, made, keras.initializers.get(None), keras.regularizers.get("l2")):
    units += isinstance(value, keras.initializers.Initializer)
    if isinstance(value, keras.initializers.VarianceScaling):
        units += 10
    if isinstance(value, keras.regularizers.Regularizer):
        units += 100
if made.stddev == 0.5:
    units += 1000
model = Sequential([Input((2,)), Dense(units, kernel_initializer=again)])

# %% what inspect and the registry tell of classes
import inspect
@keras.saving.register_keras_serializable(package="Text")
class Scale(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = Dense(units)
    def call(self, x, factor=1):
        return self.dense(x) * factor
def make(cls, units):
    return cls(units) if inspect.isclass(cls) else cls
name = keras.saving.get_registered_name(Scale)
units = len(inspect.signature(Scale(1).call).parameters)
units += 10 * ("units" in inspect.getfullargspec(Scale.__init__).args)
units += 100 * (name == "Text>Scale")
x = Input((3,))
y = make(keras.saving.get_registered_object(name), units)(x)
y = make(Dense, 4)(y)
model = Model(x, make(Dense(5), 6)(y))

# %% an einsum whose letters are counted
import string
def equation(rank, axes):
    target = string.ascii_lowercase[:rank]
    batch = tuple(np.delete(range(rank), axes + (rank - 1,)))
    letters = iter(string.ascii_lowercase[rank:])
    source = "".join(target[i] if i in batch or i == rank - 1 else next(letters) for i in range(rank))
    product = "".join([target[i] for i in batch] + [target[i] for i in axes] + [source[i] for i in axes])
    return "%s,%s->%s" % (source, target, product)
class Scores(keras.layers.Layer):
    def call(self, query, key):
        shape = tf.TensorShape(query.shape) if hasattr(query, "shape") else tf.TensorShape(query)
        return tf.einsum(equation(shape.rank, (1,)), key, query)
query, key = Input((5, 2, 8)), Input((7, 2, 8))
model = Model([query, key], Scores()(query, key))

# %% a layer that gives what it has computed from a length
class Positions(keras.layers.Layer):
    def call(self, inputs):
        place = tf.cast(tf.range(tf.shape(inputs)[1]), tf.float32)
        rate = tf.exp(tf.cast(tf.range(4), tf.float32) * -0.5)
        angle = tf.expand_dims(place, 1) * tf.expand_dims(rate, 0)
        return tf.nn.bias_add(tf.concat([tf.sin(angle), tf.cos(angle)], axis=1), tf.zeros((8,)))
fixed, free = Input((3, 8)), Input((None, 8))
model = Model([fixed, free], [fixed + Positions()(fixed), Positions()(free)])

# %% a model of its own class that gives a dict with a list in it
class Encoder(keras.Model):
    def __init__(self, **kwargs):
        x = Input((6, 4))
        first = Dense(5)(x)
        second = Dense(3)(first)
        outputs = {"sequence": second, "all": [first, second]}
        super().__init__(inputs=x, outputs=outputs, **kwargs)
x = Input((6, 4))
found = Encoder()(x)
model = Model(x, [found["all"][0], found["sequence"]])

# %% settings in dataclasses that set their own attributes
import copy, dataclasses, typing
from typing import Optional
class ParamsDict:
    RESERVED = ['_locked']
    def __init__(self, default_params=None):
        self._locked = False
        self.override(default_params or {})
    def override(self, params):
        if isinstance(params, ParamsDict):
            params = params.as_dict()
        for k, v in sorted(params.items()):
            if k in self.RESERVED: raise KeyError(k)
            if isinstance(v, dict) and hasattr(self.__dict__[k], "override"): self.__dict__[k].override(v)
            else: self._set(k, v)
    def as_dict(self): return {k: v for k, v in self.__dict__.items() if k not in self.RESERVED}
@dataclasses.dataclass
class Config(ParamsDict):
    IMMUTABLE = (str, int, float, bool, type(None))
    default_params: dataclasses.InitVar[Optional[dict]] = None
    def __post_init__(self, default_params):
        super().__init__(default_params=default_params)
    @classmethod
    def _hints(cls):
        hints = typing.get_type_hints(cls)
        for k in Config.__annotations__:
            del hints[k]
        return hints
    def _kind(self, k):
        hints = self._hints()
        if k in hints and isinstance(hints[k], type) and issubclass(hints[k], Config):
            return hints[k]
        return Config
    def _set(self, k, v):
        kind = self._kind(k)
        if isinstance(v, dict): self.__dict__[k] = kind(v)
        elif isinstance(v, self.IMMUTABLE): self.__dict__[k] = v
        else: self.__dict__[k] = copy.deepcopy(v)
    def __setattr__(self, k, v):
        if k not in self.RESERVED and getattr(self, "_locked", False):
            raise ValueError("locked")
        self._set(k, v)
@dataclasses.dataclass
class Bert(Config):
    units: int = 7
    layers: int = 2
@dataclasses.dataclass
class Funnel(Config):
    units: int = 9
@dataclasses.dataclass
class OneOf(Config):
    type: Optional[str] = "bert"
    bert: Bert = dataclasses.field(default_factory=Bert)
    funnel: Funnel = dataclasses.field(default_factory=Funnel)
    def get(self):
        if self.type not in self.__dict__:
            raise ValueError(self.type)
        return self.__dict__[self.type]
def build(config):
    if config.type == "bert":
        return Sequential([Dense(config.get().units) for _ in range(config.get().layers)])
    return Sequential([Dense(config.get().units)])
class Plain(Bert):
    def __init__(self, units):
        super().__init__(units=units)
class Other(Bert):
    def __init__(self, units):
        Bert.__init__(self, units=units)
changed = OneOf({"bert": {"units": 5}})
changed.bert.layers = 1
x = inputs = Input((4,))
for config in (OneOf(), OneOf(type="funnel"), OneOf(bert=Plain(11)), OneOf(bert=Other(13)), changed):
    x = build(config)(x)
model = Model(inputs, x)

# %% a dict sorted by its keys, whatever its values are
layers_by_name = {"b": Dense(3), "a": Dense(5)}
x = inputs = Input((2,))
for name, layer in sorted(layers_by_name.items()):
    x = layer(x)
model = Model(inputs, x)
