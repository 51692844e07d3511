"""Membership: unions, members, cards, honours, the station's own profile, communities and staff."""
