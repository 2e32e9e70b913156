"""From received to typed, decided and compared: staging, build, decisions, signals."""
