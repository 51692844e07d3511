"""What a Markdown text holds: its blocks of commands and the files it points to."""

import re

LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")
BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[list[str]]:
    """The commands of each block, without what is said behind `#`."""
    return [[line.partition("#")[0].rstrip() for line in block.splitlines()] for block in BLOCK.findall(text)]


def links(text: str) -> list[str]:
    """The files of ours that the text points to."""
    return LINK.findall(BLOCK.sub("", text))
