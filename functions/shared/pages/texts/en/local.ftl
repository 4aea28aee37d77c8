# What only the local host shows.
personas-title = Sign in as
personas-lead = This sign-in is for development and demonstration: choose a person instead of giving a password. A real platform connects its own identity provider.
personas-citizens = Citizens
role-coordinator = coordinator
role-caseworker = caseworker
role-approver = approver
role-moderator = moderator
role-workspace_admin = administrator
role-analyst = analyst
