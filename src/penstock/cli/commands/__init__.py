"""One file per command or group of commands; ``penstock.cli.main`` lists them."""
