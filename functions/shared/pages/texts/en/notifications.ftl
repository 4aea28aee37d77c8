# Notices, mail, settings.
