"""The kinds of field that access's commands take beside the kernel's."""

from typing import Annotated, Literal

from marshmallow import validate

from lastmile.kernel.domain.fields import Secret

Hash = Annotated[str, validate.Regexp(r"^[0-9a-f]{64}\Z", error="Not a hash: SHA-256 in 64 digits 0-9 a-f.")]
AccountName = Annotated[
    str,
    validate.Regexp(
        r"^[a-z][a-z0-9._-]{1,39}\Z", error="Not an account name: a-z, 0-9 and . _ - only, 2 to 40, a letter first."
    ),
]
Password = Annotated[str, validate.Length(1, 200), Secret()]
Code = Annotated[str, validate.Length(1, 20), Secret()]
Base32 = Annotated[
    str, validate.Regexp(r"^[A-Z2-7]{16,64}\Z", error="Not a secret: 16 to 64 of A-Z and 2-7."), Secret()
]
Address = Annotated[str, validate.Length(1, 64)]
Issuer = Annotated[str, validate.Length(1, 300)]
Way = Literal["password", "single_sign_on", "client_credentials"]
