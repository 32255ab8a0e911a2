"""Rules about shapes and the graph: ids 7860 to 7879."""
