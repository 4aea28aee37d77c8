# The organization's workspace.
# The inbox.
inbox-views = Parts of the list
inbox-view-all = All
inbox-view-overdue = Overdue
inbox-view-today = Due today
inbox-view-new = New
inbox-view-nobody = With nobody
inbox-view-disputed = Disputed
inbox-view-mine = Mine
inbox-view-sign = To sign
inbox-filters = Filter
inbox-category = Topic
inbox-status = Status
inbox-assignee = Caseworker
inbox-kind = Kind
inbox-organization = Organization
inbox-any = Any
inbox-own = Ours
inbox-under = Organizations under it
inbox-under-true = Together with those under it
inbox-under-false = Only the organization itself
inbox-show = Show
inbox-clear = Clear the filter
inbox-load = Open now:
inbox-empty-all = Nothing is open.
inbox-empty-overdue = Nothing is overdue.
inbox-empty-today = Nothing is due today.
inbox-empty-new = Nothing new has come.
inbox-empty-nobody = Every submission has a caseworker.
inbox-empty-disputed = No author disputes an answer.
inbox-empty-mine = Nothing is assigned to you.
inbox-empty-sign = There is nothing to sign.
inbox-empty-filtered = Nothing fits this selection.
inbox-none-here = None among those looked at; there may be some further on.
inbox-order = the most urgent first
inbox-all-of-page = Tick all on this page
inbox-tick = Tick: { $what }
inbox-due = Due
inbox-what = About
inbox-where = Where
inbox-nobody = nobody
inbox-was-with = { $name } can no longer answer it
inbox-left = { $name } (can no longer answer)
inbox-preview = A submission beside the list
inbox-preview-hint = Press a row, and the submission appears here.
brief-received = received
brief-registered = new
brief-routed = new
brief-assigned = in work
brief-drafted = to be signed
brief-reopened = in work again
bulk-assign = Assign { $shown } { $n ->
    [one] submission
   *[other] submissions
}
bulk-forward = Forward { $shown } { $n ->
    [one] submission
   *[other] submissions
}
bulk-register = Register { $shown } { $n ->
    [one] appeal
   *[other] appeals
}
bulk-reject = Reject { $shown } { $n ->
    [one] submission
   *[other] submissions
}
bulk-assign-open = Assign…
bulk-forward-open = Forward…
bulk-register-open = Register…
bulk-reject-open = Reject…
bulk-with = What is ticked
bulk-back = Back to the list
bulk-cancel = Do nothing
bulk-nothing = Nothing is ticked. Go back to the list and tick submissions.
bulk-not-allowed = None of your roles allows this step.
case-open = Open
inbox-disputed = disputed
inbox-days-left-brief = { $n } d
inbox-days-over-brief = −{ $n } d
inbox-paused = paused
inbox-due-today = today
inbox-days-left = { $shown } { $n ->
    [one] day
   *[other] days
} left
inbox-days-over = { $shown } { $n ->
    [one] day
   *[other] days
} overdue
inbox-with-chosen = With the ticked ones
inbox-assign = Assign to
inbox-refused = Not done: { $shown } { $n ->
    [one] submission
   *[other] submissions
}
inbox-refused-rest = The other ticked ones are done.
done-bulk-assigned = The caseworker is assigned.
done-bulk-forwarded = The submissions are forwarded.
done-bulk-registered = The appeals are registered.
done-bulk-rejected = The submissions are rejected.
# A case.
case-nav = Workspace
case-to-inbox = Inbox
case-number = No. { $number }
case-copy = Copy the number
case-copied = Copied
case-disputed = The author disputes the answer
case-disputed-solved = Says that the problem is solved
case-disputed-unsolved = Says that the problem is not solved
case-disputed-silent = Without a word.
case-answered-before = { $name } · answered it before
case-previous = Previous
case-next = Next
case-since = While you filled in the form
case-lost = What you wrote
case-lost-hint = This step is not possible now. Copy the text if you still need it.
case-text = Text
case-place = Place
case-author = Author
case-external = Number in another system
case-organization = Organization
case-not-routed = not chosen yet
case-answer = Published answer
case-planned-by = by { $date }
case-mark = The author's mark: { $n } of 5
case-similar = Similar submissions with answers
case-similar-link = Open similar submissions
case-history = History
case-terms = Terms and caseworker
case-register-by = Register by
case-answer-by = Answer by
case-assignee = Caseworker
case-assigned-to-me = you
case-nobody = nobody is assigned
case-draft = Answer to be signed
case-approve = Sign
case-approve-next = Sign and open the next
case-send-back = Send back
case-send-back-note = What to change
case-send-back-do = Send back
case-was-sent-back = The answer was sent back
case-register = Registration
case-register-hint = The term for the answer to an appeal counts from its registration.
case-register-do = Register
case-assign = Assign a caseworker
case-caseworker = Caseworker
case-assign-me = Take it myself
case-assign-do = Assign
case-assign-next = Assign and open the next
case-no-caseworkers = The organization has no caseworkers. The administrator gives roles.
case-reassign = Change the caseworker
case-choose = Choose
case-write-answer = Answer
case-take-and-answer = Take it and answer
case-template = Answer template
case-template-insert = Insert
case-outcome = What was done
case-planned = Promised day
case-planned-hint = Only for “Planned”
case-answer-text = Answer to the author
case-draft-do = Send for signature
case-draft-next = Send for signature and open the next
case-change-draft = Change the answer
case-others = Other actions
case-interim = Interim answer
case-interim-text = What to tell the author
case-interim-hint = The author sees it at once. The term of the answer itself does not change.
case-interim-do = Send to the author
case-forward = Forward
case-forward-to = Organization
case-forward-hint = A name from the list, or an id
case-forward-do = Forward
case-note = Note
case-note-to-author = Explanation for the author
case-return = Return to the sender
case-return-note = Why
case-return-do = Return
case-pause = Pause the term
case-pause-do = Pause
case-resume = Resume the term
case-extend = Extend the term
case-extend-days = By how many days
case-extend-do = Extend
case-reject = Reject
case-reason = Reason of the rejection
case-reject-do = Reject
case-nothing-to-do = There is nothing for your roles to do here now.
done-case-registered = The appeal is registered.
done-case-rejected = The submission is rejected; its author sees the reason.
done-case-assigned = The caseworker is assigned.
done-case-forwarded = The submission is forwarded.
done-case-returned = The submission is returned to the sender.
done-case-drafted = The answer waits for a signature.
done-case-answered-interim = The interim answer is sent to the author.
done-case-approved = The answer is signed and published.
done-case-sent-back = The answer is sent back.
done-case-paused = The term is paused.
done-case-resumed = The term runs again.
done-case-extended = The term is extended.
# Answer templates.
templates-title = Answer templates
templates-lead = Ready texts for frequent answers. Your organization and those under it use them.
templates-empty = There are no templates yet.
templates-every-category = For every topic
templates-new = New template
templates-add = Add the template
template-name = Name
template-category = Topic
template-text = Text
template-blanks = {"{category}"}, {"{place}"}, {"{received}"} and {"{organization}"} become the topic, the place, the day of receipt and your organization.
template-save = Save
template-remove = Remove the template
done-template-written = The template is saved.
done-template-removed = The template is removed.
# Refusals.
problem-nothing-chosen = Tick at least one submission
problem-too-many-chosen = At most 100 submissions can be ticked at once
problem-no-caseworker = There is no caseworker “{ $wanted }”
problem-not-their-organization = “{ $wanted }” does not work for this organization
problem-too-many-templates = There are 200 templates already. Remove some
