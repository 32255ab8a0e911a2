"""Tables of pandas: how many columns there are where the program says so, and an unknown where only the file does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keraslint.graph import Array, Unknown
from keraslint.reader import read

IMPORTS = """
import keras, numpy as np, pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
model.compile(loss="mse")
df = pd.read_csv("table.csv")
named = pd.DataFrame({"a": np.arange(30), "b": np.ones(30), "y": np.zeros(30)})
"""
FILE = "a,b,c,d,y\n" + "\n".join(f"{n},{n % 3},x{n % 2},{n / 7},{n % 2}" for n in range(30)) + "\n"

KNOWN = [
    ("df[['a', 'b', 'd']]", 3),
    ("df[['a', 'b', 'd']].values", 3),
    ("df[['a', 'b', 'd'] + ['y']].to_numpy().astype('float32')", 4),
    ("df['a']", None),
    ("df['a'].values.reshape(-1, 1)", 1),
    ("df[['a', 'b']].dropna().copy().fillna(0).astype(float)", 2),
    ("df[df['a'] > 3][['a', 'b']]", 2),
    ("df[['a', 'b', 'y']].drop('y', axis=1)", 2),
    ("df[['a', 'b', 'y']].drop(columns=['y', 'a'])", 1),
    ("df[['a', 'b', 'y']].drop([0, 1])", 3),
    ("df.loc[:, ['a', 'd']]", 2),
    ("df.loc[:9, 'a']", None),
    ("df.iloc[:, [0, 1, 3]]", 3),
    ("df.iloc[:, 1].values", None),
    ("named.iloc[:, :-1].values", 2),
    ("named.iloc[:, 0:9]", 3),
    ("named.loc[:, 'a':'b']", 2),
    ("named.drop('y', axis='columns').sample(frac=0.5).reset_index(drop=True)", 2),
    ("named.rename(columns={'a': 'z'}).drop('z', axis=1)", 2),
    ("named.set_index('a')", 2),
    ("named.filter(['a', 'missing'])", 1),
    ("(named - named.mean()) / named.std()", 3),
    ("(named > 0)[['a']]", 1),
    ("named[list(named.columns[:2])]", 2),
    ("named[[c for c in named if c != 'y']]", 2),
    ("named[[c for c in named.columns if c != 'y']]", 2),
    ("np.zeros((4, named.shape[1]))", 3),
    ("np.zeros((4, len(named.columns)))", 3),
    ("np.log1p(np.array(named))", 3),
    ("StandardScaler().fit_transform(named)", 3),
    ("train_test_split(named, named['y'])[0].drop('y', axis=1)", 2),
    ("pd.concat([named, named])", 3),
    ("pd.concat([named, df[['c', 'd']]], axis=1)", 5),
    ("pd.concat([named, df['c']], axis=1)", 4),
    ("pd.concat([named, named.rename(columns={'a': 'q'})])", 4),
    ("named.merge(named[['a', 'b']], on=['a', 'b'])", 3),
    ("pd.merge(named, pd.DataFrame({'a': [1], 'y': [2], 'z': [3]}), on='a', how='left')", 5),
    ("pd.merge(named, named)", 3),
    ("named[['a']].join(named[['b', 'y']])", 3),
    ("named.assign(z=1, a=2)", 4),
    ("named.replace(0, 1).where(named > 0, 0)", 3),
    ("named.iloc[np.random.permutation(30)[:20]]", 3),
    ("pd.get_dummies(named, columns=['b']) if 'z' in named else named", 3),
    ("pd.DataFrame(np.zeros((5, 7)))", 7),
    ("pd.DataFrame(np.zeros((5, 7)))[[0, 3]]", 2),
    ("pd.DataFrame(np.zeros((5, 2)), columns=['p', 'q'])[['q']]", 1),
    ("pd.DataFrame(named, columns=['a', 'y'])", 2),
    ("pd.read_csv('table.csv', usecols=['a', 'b'])", 2),
    ("pd.read_csv('table.csv', usecols=[0, 3])", 2),
    ("pd.read_csv('table.csv', usecols=[0, 3])['a']", None),
    ("pd.DataFrame({'a': [1], 'b': [2]}) if 'z' in named else named", 3),
    ("pd.read_csv('table.csv', names=['p', 'q', 'r', 's', 't'], header=0)", 5),
    ("pd.read_csv('table.csv', usecols=['a', 'b', 'y'], index_col='a')", 2),
]
"""An expression, and how many columns it has: None for an array of one axis."""

CHANGED = [
    ("named['new'] = named['a'] * 2", 4),
    ("named['a'] = named['a'] * 2", 3),
    ("named[['a', 'p', 'q']] = np.zeros((30, 3))", 5),
    ("named.loc[named['a'] > 3, 'new'] = 1", 4),
    ("named.loc[2:5, 'a'] = 1", 3),
    ("labels = named.pop('y')", 2),
    ("del named['y']", 2),
    ("named.drop(['y'], axis=1, inplace=True)", 2),
    ("named.drop(columns='y', inplace=True); named.dropna(inplace=True)", 2),
    ("named.rename(columns={'a': 'b2'}, inplace=True); del named['b2']", 2),
    ("named.columns = ['p', 'q', 'r']; named = named[['q']]", 1),
    ("other = named; other.pop('y')", 2),
    ("other = named.copy(); other.pop('y')", 3),
    ("for part in [named, df]:\n    part.drop('y', axis=1, inplace=True)", 2),
    ("tables = {'train': named}\nfor key in tables:\n    tables[key]['new'] = 1", 4),
    ("def clean(table):\n    table['new'] = 1\n    return table\nclean(named)", 4),
]
"""Statements that change the table, and how many columns it has then."""

UNKNOWN = [
    "df",
    "df.drop('y', axis=1)",
    "df.iloc[:, 0:4]",
    "pd.get_dummies(named)",
    "named.reset_index()",
    "named.drop(some_names, axis=1)",
    "named.dropna(axis=1)",
    "named.join(other)",
    "named.select_dtypes('number')",
    "pd.merge(named, named, how='cross')",
    "pd.merge(named, df, on='a')",
    "pd.merge(named, named, left_on='a', right_on='b')",
    "named[some_index]",
    "named.groupby('a').mean()",
    "pd.read_csv('table.csv', header=[0, 1])",
    "pd.concat([named, df])",
    "pd.concat([df, named])",
    "pd.read_excel('table.xls', sheet_name=None)",
    "named.dropna(1)",
    "named.T",
    "named + df",
    "named.filter(like='a')",
]


def fitted(program: str) -> Any:
    fact = read(IMPORTS + program, "program.py").fits[-1].argument("x")
    assert fact is not None
    return fact.value


@pytest.mark.parametrize(("expression", "columns"), KNOWN)
def test_columns_that_the_program_names_are_known(expression: str, columns: int | None) -> None:
    data = fitted(f"model.fit({expression})")
    assert isinstance(data, Array)
    assert data.shape.dims[1:] == (() if columns is None else (columns,))


@pytest.mark.parametrize(("statements", "columns"), CHANGED)
def test_a_table_that_is_changed_has_the_changed_columns(statements: str, columns: int) -> None:
    data = fitted(f"{statements}\nmodel.fit(named)")
    assert data.shape.dims[1:] == (columns,)


@pytest.mark.parametrize("expression", UNKNOWN)
def test_columns_that_only_the_file_knows_stay_unknown(expression: str) -> None:
    data = fitted(f"model.fit({expression})")
    unknown = data.shape[1] if isinstance(data, Array) else data
    assert isinstance(unknown, Unknown)
    assert unknown.reason


def test_what_a_function_of_another_package_does_to_a_table_is_unknown() -> None:
    assert isinstance(fitted("from my.features import add\nadd(named)\nmodel.fit(named)").shape[1], Unknown)
    assert fitted("import seaborn as sns\nsns.heatmap(named)\nmodel.fit(named)").shape[1] == 3


def test_columns_that_a_loop_adds_how_often_nobody_knows_are_unknown() -> None:
    data = fitted("for name in open('names.txt'):\n    named[name] = 1\nmodel.fit(named)")
    assert isinstance(data.shape[1], Unknown)


@pytest.mark.parametrize(
    ("program", "columns"),
    [(f"result = {expression}", columns) for expression, columns in KNOWN]
    + [(f"{statements}\nresult = named", columns) for statements, columns in CHANGED],
)
def test_pandas_has_as_many_columns(
    program: str, columns: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    (tmp_path / "table.csv").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(IMPORTS.split("model =")[0] + IMPORTS.split('loss="mse")\n')[1] + program, names)
    assert names["result"].shape[1:] == (() if columns is None else (columns,))
