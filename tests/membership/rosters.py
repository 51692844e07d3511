"""A roster of three, and what a check says is wrong with one."""

from typing import Any

from tests.membership.station import identity_number, workbook

THREE = workbook(
    [
        ("王小明", identity_number(1), "第一联合工会", "13800138000", "在职", "2017-03-01"),
        ("李 四", identity_number(2).lower(), "u2", "", "退休", "2017/3/5"),
        ("赵五", identity_number(3), "u1", "", "", ""),
    ]
)


def problems(checked: dict[str, Any]) -> dict[int, str]:
    return {row["row"]: "；".join(problem["zh"] for problem in row["problems"]) for row in checked["wrong"]}
