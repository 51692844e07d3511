"""Amounts in capitals (人民币大写), as they stand on what is approved and paid."""

import cn2an


def in_capitals(fen: int) -> str:
    """5,050.00 yuan is 伍仟零伍拾元整."""
    written: str = cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")
    return written
