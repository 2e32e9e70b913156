"""Commands with the vault's key in a Prefect Secret block, in one process with one temporary server.

The key comes by standard input. Exit code, standard output and standard error of each command go to standard
output as one line of JSON: a first night, the check of the key, and the check with a block that there is not.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from flows.cli import main
from flows.settings.environment import make_prefect_home, prepare
from flows.settings.reading import read_settings


def ran(*arguments: str, block: str) -> tuple[int, str, str]:
    """Run one command with the block of that name."""
    os.environ["PLEDGE_VAULT_KEY_BLOCK"] = block
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    prepare(read_settings(os.environ, Path.cwd()))
    make_prefect_home()
    from prefect.blocks.system import Secret

    Secret(value=sys.stdin.read()).save("pledge-vault")
    told = [
        ran("sync", "--direct", "--json", block="pledge-vault"),
        ran("key", "check", block="pledge-vault"),
        ran("key", "check", block="another"),
    ]
    print(json.dumps(told), flush=True)
