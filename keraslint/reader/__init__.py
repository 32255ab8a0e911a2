"""Python source → model graph, by abstract interpretation; the only package that imports astroid."""
