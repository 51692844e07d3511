"""What a password must be: long enough, not the account's name, not one that everybody tries first."""

from lastmile.kernel.domain.failures import Invalid

SHORTEST = 10

COMMON = frozenset({
    "0123456789", "0987654321", "1122334455", "1234567890", "12345678910", "123456789a", "1314520520", "147258369a",
    "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "5201314520", "9876543210", "a123456789", "a1234567890",
    "aa123456789", "abc123456789", "abcd123456", "abcdefghij", "admin123456", "administrator", "asdfghjkl;",
    "iloveyou123", "password01", "password12", "password123", "password1234", "passw0rd123", "q123456789",
    "qazwsxedc123", "qq123456789", "qq1234567890", "qwer123456", "qwerty12345", "qwerty123456", "qwertyuiop",
    "welcome123", "woaini1314", "woaini520520", "woaini5201314", "zxcvbnm123", "gonghui123", "gonghui12351",
})  # fmt: skip


def what_is_wrong(password: str, account_name: str) -> str:
    """In one sentence, empty if nothing is wrong. No signs are demanded: they make passwords worse, not better."""
    plain = password.strip().casefold()
    if len(plain) < SHORTEST:
        return f"Needed: at least {SHORTEST} characters."
    if plain.strip("0123456789") == account_name.strip("0123456789"):
        return "Needed: something else than the account's name."
    if plain in COMMON or len(set(plain)) < 3:
        return "Needed: something that others do not try first."
    return ""


def acceptable(field: str, password: str, account_name: str) -> None:
    """Raises Invalid at the field where something is wrong with the password."""
    wrong = what_is_wrong(password, account_name)
    if wrong:
        raise Invalid({field: [wrong]})
