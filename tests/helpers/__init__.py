"""What tests of several parts share; what only one part needs lies beside its tests."""
