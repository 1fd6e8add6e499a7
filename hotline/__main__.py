"""``python -m hotline``: the same as the ``hotline`` command, for where no script is installed."""

from hotline.cli.main import app

app()
