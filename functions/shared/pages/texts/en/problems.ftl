# Refusals: a title and a text for each kind, and the reasons by their codes.
problem-home = To the home page
problem-request = Request number for support:
problem-retry = Reload the page in a minute. If you were sending a form, go back to it and send it again: it will not be stored twice.
problem-title-malformed = The request cannot be read
problem-text-malformed = The link seems to be cut or changed. Begin at the home page.
problem-title-invalid = The request has mistakes
problem-text-invalid = Go back and put right what is named below. Nothing was stored.
problem-title-unauthenticated = Sign in first
problem-text-unauthenticated = This page is for people who are signed in.
problem-title-forbidden = Not allowed
problem-text-forbidden = Your roles do not allow this. The administrator of your organization gives roles.
problem-title-not-found = There is no such page
problem-text-not-found = There is nothing here, or only the author and those who work on it can see it. Check the link. If you were signed in when you sent it, sign in; if not, open it with its code on the home page.
problem-title-conflict = This cannot be done now
problem-text-conflict = Nothing was stored. The reason is named below.
problem-title-stale = It was changed while you were reading
problem-text-stale = Open the page again, see what has changed, and decide anew. Nothing was stored.
problem-title-key-reused = This form was already sent with other content
problem-text-key-reused = Open the form anew and send it again.
problem-title-too-large = The file or text is too large
problem-text-too-large = Make it smaller and send it again.
problem-title-method = This page cannot be used that way
problem-text-method = Begin at the home page.
problem-title-unavailable = A part of the system does not answer
problem-text-unavailable = We know about it already.
problem-title-internal = A mistake on our side
problem-text-internal = We have recorded it and will look into it. Try again a little later.
problem-missing = Fill this in
problem-empty = Fill this in
problem-unreadable = Check how this is written
problem-unknown-field = The form has a field too many: open it anew
problem-invalid = Check this field
problem-too-long = Too long: { $length } of { $limit } possible characters. Make it shorter
problem-control-character = The text has an invisible control character. Type it anew or paste it without formatting
problem-half-a-point = Give both latitude and longitude, or neither
problem-latitude = The latitude must be a number from -90 to 90
problem-longitude = The longitude must be a number from -180 to 180
problem-unfilled-blank = Fill in { $blank }, or write it without square brackets
problem-no-id = An id has Latin letters, digits, dots and hyphens
problem-no-mark = Choose a mark from 1 to 5
problem-not-said = Say whether the problem is solved
problem-no-text = Write what happened
problem-no-email = Check the e-mail address: one is written name@example.org
problem-email-known = You are signed in, and the answer goes to your own address. Clear this field
problem-no-such-code = There is no such code. Check that all 26 letters and digits are there
problem-sent-before = This form was sent before with another text. If this is a new report, send it again
problem-unknown-entry = “{ $wanted }” is not in the directory. Choose from the list
problem-ambiguous-entry = Several entries are called “{ $wanted }”. Write the id of one of them: { $candidates }
problem-stale = It was changed while you filled in the form. See what has changed and send it again
problem-changed-meanwhile = Somebody changed it at the same time. Open the page again and decide anew
problem-appeal-needs-author = An official appeal is signed by its author: sign in, or send a report
problem-not-in-this-status = Not possible now: the status is “{ $status }”
problem-register-first = The appeal must be registered first
problem-paused = The term is paused: resume it first
problem-not-paused = The term is not paused
problem-not-pausable = The rule does not allow a pause of this term
problem-already-there = The submission is with that organization already
problem-redirect-term-over = The appeal could be forwarded until { $date }; now it must be answered here
problem-nothing-to-return = There is nobody to return it to: it was not forwarded
problem-not-the-assignee = The assigned caseworker drafts the answer
problem-planned-in-the-past = { $date } is over: a promise must be for the future
problem-extension-too-long = The term can be extended by at most { $limit } { $limit ->
    [one] day
   *[other] days
}
problem-already-extended = The term has been extended already, by { $days } { $days ->
    [one] day
   *[other] days
}; it can be extended once
problem-term-over = The term ended on { $date }; it cannot be extended any more
problem-nothing-to-rate = There is no answer to rate yet
problem-already-rated = You have rated this answer already
problem-too-much-text = There is too much text to be stored: shorten it
