"""Names and files of the program itself."""
