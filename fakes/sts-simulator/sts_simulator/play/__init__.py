"""The shell in which a person tries the simulator, and its command ``sim``."""
