"""Relief: hardship case files, applications along their chain, payments, festival consolation and tuition aid."""
