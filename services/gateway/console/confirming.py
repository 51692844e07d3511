"""The second factor given afresh, inside the form that needs it."""

from datetime import datetime

from flask import g

from lastmile.kernel.domain.failures import Failure, Invalid
from services.gateway.console.asking import code_of, now
from services.gateway.console.texts import t
from services.gateway.parts import gateway
from services.gateway.session import current
from services.gateway.signing_in import SecondFactorRefused
from services.gateway.signing_in import confirm as give_second_factor

CODE = "second_factor_code"


class NoSecondFactor(Failure):
    """This needs a second factor, and none is enrolled."""

    code = "no-second-factor"
    status = 403


def needs_confirmation(service: str, asked: str) -> bool:
    """Whether what is asked needs a second factor and none was given within the last minutes."""
    until = current().confirmed_until
    confirmed = bool(until) and datetime.fromisoformat(str(until)) > now()
    return asked in gateway().catalogue.services[service].confirmed and not confirmed


def confirm(code: str, key: str) -> None:
    """Give the second factor and go on as a session that is confirmed. Raises Invalid at the code's field."""
    if not current().has_second_factor:
        raise NoSecondFactor
    if not code.strip():
        raise Invalid({CODE: [t("wrong.code_missing")]})
    try:
        give_second_factor(current(), "".join(code.split()), key)
    except SecondFactorRefused:
        raise Invalid({CODE: [t("wrong.code")]}) from None
    except Failure as failure:
        if code_of(failure) == "invalid":
            raise Invalid({CODE: [t("wrong.code")]}) from None
        raise
    g.pop("session")
