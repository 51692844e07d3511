"""The gateway: the only door for people. It asks the services and keeps nothing of its own."""
