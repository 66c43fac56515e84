"""What the next term is told to be: scheduled, cancelled, and put back after a change in mid-term deleted it."""
