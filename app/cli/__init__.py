"""The command line: the same services as the window. The entry is `app.cli.main.run`."""
