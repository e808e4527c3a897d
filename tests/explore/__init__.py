"""Every path through the commands, judged by an independent model; crashes, mixes, histories."""
