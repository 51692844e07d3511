"""Papers of relief: what is up for approval, the notice as it hangs out, and what goes to and comes from the bank."""

from services.gateway.api.papers import approval, bank, notice

PAPERS = (approval.PAPER, notice.PAPER, *bank.PAPERS)
