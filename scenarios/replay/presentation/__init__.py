"""How replays are shown: as text with a margin, as a diagram, as web pages."""
