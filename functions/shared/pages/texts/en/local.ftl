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
mailbox-title = Mail sent
mailbox-lead = What would have gone out by mail: on this machine it is put into a folder.
mailbox-empty = There was no mail yet.
mailbox-shown = The latest { $shown } of { $all } are shown.
mailbox-subject = Subject
mailbox-to = To
mailbox-date = When
mailbox-source = Source of the mail
