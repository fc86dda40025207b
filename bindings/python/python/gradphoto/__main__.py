"""The `gradphoto` command."""

import os
import signal
import sys

from gradphoto import _gradphoto
from gradphoto._engine import LIBRARY_VARIABLES, installed_onnxruntime


def main() -> None:
    """Runs the command with this process's arguments and exits with its status: 0, 1 or 2."""
    # The command has its own answer to Ctrl-C; before it listens, the process just ends, as any program does.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    library = installed_onnxruntime()
    if library and not any(os.environ.get(name) for name in LIBRARY_VARIABLES):
        os.environ[LIBRARY_VARIABLES[0]] = str(library)
    sys.exit(_gradphoto.main(["gradphoto", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
