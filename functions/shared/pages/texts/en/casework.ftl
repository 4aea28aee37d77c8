# The organization's workspace.
