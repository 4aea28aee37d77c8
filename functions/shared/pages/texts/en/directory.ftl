# The directory and its changes.
