"""`python -m deploy.native --ensure`: see to it that tests can have their servers, or say what to install."""

import argparse
import sys

from deploy.native.programs import ProgramsMissing, ensure_installed

EXIT_DEPENDENCY_AWAY = 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.native", description=__doc__)
    parser.add_argument("--ensure", action="store_true", required=True, help="install what is missing, if allowed")
    parser.add_argument("--browser", action="store_true", help="the tests' browser too")
    asked = parser.parse_args()
    try:
        ensure_installed(browser=asked.browser)
    except ProgramsMissing as missing:
        print(missing, file=sys.stderr)
        return EXIT_DEPENDENCY_AWAY
    return 0


if __name__ == "__main__":
    sys.exit(main())
