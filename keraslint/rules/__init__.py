"""The rules: one file per rule, in a folder per family; pure functions over the graph. See `framework`."""

from keraslint.rules.framework import Finding, Rule, Symptom, all_rules, by_symbol, check, found, rule
from keraslint.settings import Options

__all__ = ["Finding", "Options", "Rule", "Symptom", "all_rules", "by_symbol", "check", "found", "rule"]
